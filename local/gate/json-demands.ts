// SQS, Secrets Manager and Lambda: operation and body -> the action and resource that IAM would check.
import { findText, type JsonRecord } from '../json.ts'
import { ACCOUNT_ID, REGION } from '../template/intrinsics.ts'
import { functionArn, queueArn } from '../template/resource-types.ts'
import type { Demand } from './demand.ts'

const lastPart = (text: string, separator: string): string => text.split(separator).at(-1) ?? ''

/** SQS checks the single action for the batch operations. */
export const sqsDemands = (target: string, body: JsonRecord): { operation: string; demands: Demand[] } => {
  const operation = target.split('.')[1] ?? ''
  const queue = findText(body, 'QueueUrl') ?? findText(body, 'QueueName')
  const resource = queue === undefined ? '*' : queueArn(lastPart(queue, '/'))
  return { operation, demands: [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource }] }
}

/** `arnOf` gives the whole ARN of a secret that exists; IAM sees the bare name of one that does not. */
export const secretDemands = (
  target: string,
  body: JsonRecord,
  arnOf: (secretId: string) => string,
): { operation: string; demands: Demand[] } => {
  const operation = target.split('.')[1] ?? ''
  const secretId = findText(body, 'SecretId') ?? findText(body, 'Name')
  return {
    operation,
    demands: [{ action: `secretsmanager:${operation}`, resource: secretId === undefined ? '*' : arnOf(secretId) }],
  }
}

/** Cognito's administrative calls are about one user pool. */
export const userDemands = (target: string, body: JsonRecord): { operation: string; demands: Demand[] } => {
  const operation = target.split('.')[1] ?? ''
  const pool = findText(body, 'UserPoolId')
  const resource = pool === undefined ? '*' : `arn:aws:cognito-idp:${REGION}:${ACCOUNT_ID}:userpool/${pool}`
  return { operation, demands: [{ action: `cognito-idp:${operation}`, resource }] }
}

/** Invoke by name or ARN: `/2015-03-31/functions/<function>/invocations`. */
export const lambdaDemands = (path: string): { operation: string; functionName: string; demands: Demand[] } => {
  const named = decodeURIComponent(/\/functions\/([^/]+)\/invocations/.exec(path)?.[1] ?? '')
  const functionName = named.startsWith('arn:') ? (named.split(':')[6] ?? named) : named
  return {
    operation: 'Invoke',
    functionName,
    demands: [{ action: 'lambda:InvokeFunction', resource: functionArn(functionName) }],
  }
}
