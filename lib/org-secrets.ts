// The Customer.io keys of the orgs: one secret each, made while the service runs, all under the stage's prefix. The stack
// owns the prefix and who may read below it; it makes no secret.
import { ArnFormat, Stack, Validations } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { FunctionName } from '../contract/function-name.ts'
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
  grantRead(lambda: LambdaFunction<'ReceiveCioWebhook' | 'CheckSetup' | 'EvaluateAlerts'>): void {
    this.#grant(lambda, ['GetSecretValue'])
  }

  /** Read, make and change the secret of any org of this stage, and no other secret. */
  grantWrite(lambda: LambdaFunction<'Manage'>): void {
    this.#grant(lambda, ['GetSecretValue', 'PutSecretValue', 'CreateSecret'])
  }

  #grant(lambda: LambdaFunction<FunctionName>, actions: readonly string[]): void {
    const resourceName = `${this.prefix}*`
    const arn = Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    lambda.allow(
      actions.map((action) => `secretsmanager:${action}`),
      [arn],
    )
    Validations.of(lambda).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${resourceName}]`,
      reason:
        'Orgs come and go while the service runs, and Secrets Manager ends each ARN with six random characters: the prefix is the narrowest name that holds.',
    })
  }
}
