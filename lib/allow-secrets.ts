// Secrets that are made while the service runs, by the prefix of their names: the narrowest that a policy can say.
import { ArnFormat, Stack, Validations } from 'aws-cdk-lib'
import type { FunctionName } from '../contract/function-name.ts'
import type { LambdaFunction } from './lambda-function.ts'

/** @param actions of Secrets Manager, without its name */
export function allowSecrets(lambda: LambdaFunction<FunctionName>, prefix: string, actions: readonly string[]): void {
  const resourceName = `${prefix}*`
  const arn = Stack.of(lambda).formatArn({
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
      'Orgs and destinations come and go while the service runs, and Secrets Manager ends each ARN with six random characters: the prefix is the narrowest name that holds.',
  })
}
