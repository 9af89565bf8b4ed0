// The secrets that deliveries are signed with: one per destination, made while the service runs, all under a prefix of their own.
import { Construct } from 'constructs'
import { allowSecrets } from './allow-secrets.ts'
import type { Stage } from './config.ts'
import type { LambdaFunction } from './lambda-function.ts'

export class AlertSecrets extends Construct {
  /** A secret's name is this, the org's slug and the destination's id. */
  readonly prefix: string

  constructor(scope: Construct, id: string, props: { readonly stage: Stage }) {
    super(scope, id)
    this.prefix = `justai/${props.stage.name}/alerts/`
  }

  grantRead(lambda: LambdaFunction<'DeliverAlerts'>): void {
    allowSecrets(lambda, this.prefix, ['GetSecretValue'])
  }

  /** Make, replace and delete, and never read. */
  grantManage(lambda: LambdaFunction<'ServeAlerts'>): void {
    allowSecrets(lambda, this.prefix, ['CreateSecret', 'PutSecretValue', 'DeleteSecret'])
  }
}
