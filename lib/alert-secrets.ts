// The secrets that deliveries are signed with: one per destination, made while the service runs, all under a prefix of their own.
import { ArnFormat, Stack, Validations } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { FunctionName } from '../contract/function-name.ts'
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
    this.#grant(lambda, ['GetSecretValue'])
  }

  /** Make and delete, and never read. */
  grantManage(lambda: LambdaFunction<'ServeAlerts'>): void {
    this.#grant(lambda, ['CreateSecret', 'DeleteSecret'])
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
        'Destinations come and go while the service runs, and Secrets Manager ends each ARN with six random characters: the prefix is the narrowest name that holds.',
    })
  }
}
