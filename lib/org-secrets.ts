// The Customer.io keys of the orgs: one secret each, made while the service runs, all under the stage's prefix. The stack
// owns the prefix and who may read below it; it makes no secret.
import { Construct } from 'constructs'
import { allowSecrets } from './allow-secrets.ts'
import type { Stage } from './config.ts'
import type { LambdaFunction } from './lambda-function.ts'

export class OrgSecrets extends Construct {
  /** A secret's name is this and the org's slug. */
  readonly prefix: string

  constructor(scope: Construct, id: string, props: { readonly stage: Stage }) {
    super(scope, id)
    this.prefix = `justai/${props.stage.name}/orgs/`
  }

  /** Read the secret of any org of this stage, and no other secret. */
  grantRead(lambda: LambdaFunction<'ReceiveCioWebhook' | 'CheckSetup' | 'WatchCustomerio'>): void {
    allowSecrets(lambda, this.prefix, ['GetSecretValue'])
  }

  /** Read, make and change the secret of any org of this stage, and no other secret. */
  grantWrite(lambda: LambdaFunction<'Manage'>): void {
    allowSecrets(lambda, this.prefix, ['GetSecretValue', 'PutSecretValue', 'CreateSecret'])
  }
}
