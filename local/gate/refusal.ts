// How AWS words what the gate itself answers: refusals, faults made on purpose, and services that are not here.
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { ACCOUNT_ID } from '../template/intrinsics.ts'
import type { Service } from './demand.ts'

export type Caller = { readonly functionName: string; readonly roleName: string }
/** The `__type` namespace that each service's JSON protocol writes before an exception's name. */
const NAMESPACES: Readonly<Record<string, string>> = {
  dynamodb: 'com.amazon.coral.service#',
  sqs: 'com.amazon.coral.service#',
  secretsmanager: '',
  lambda: '',
  'cognito-idp': '',
}

/** Answers a JSON-protocol error with AWS's status, type and message. */
export const answerJsonError = (
  response: ServerResponse,
  service: string,
  status: number,
  name: string,
  message: string,
): void => {
  const body = JSON.stringify({ __type: `${NAMESPACES[service] ?? ''}${name}`, message, Message: message })
  response.writeHead(status, {
    'content-type':
      service === 'secretsmanager' || service === 'cognito-idp'
        ? 'application/x-amz-json-1.1'
        : service === 'lambda'
          ? 'application/json'
          : 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
    'x-amzn-errortype': name,
  })
  response.end(body)
}

/** Answers an S3 error as its XML document; without a body for HEAD. */
export const answerS3Error = (response: ServerResponse, status: number, code: string, message: string): void => {
  const requestId = randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()
  const escaped = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escaped}</Message><RequestId>${requestId}</RequestId></Error>`
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
    'x-amz-request-id': requestId,
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** Answers an error in the protocol of the service that was called. */
export const answerError = (
  response: ServerResponse,
  service: Service,
  status: number,
  name: string,
  message: string,
): void => {
  if (service === 's3') answerS3Error(response, status, name, message)
  else answerJsonError(response, service, status, name, message)
}

/** The refusal of a call that no statement allows, or that one denies. */
export const answerRefusal = (
  response: ServerResponse,
  service: Service,
  caller: Caller,
  action: string,
  resource: string,
  explicitDeny: boolean,
): void => {
  const because = explicitDeny
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`
  const message = `User: arn:aws:sts::${ACCOUNT_ID}:assumed-role/${caller.roleName}/${caller.functionName} is not authorized to perform: ${action} on resource: ${resource} ${because}`
  if (service === 's3') answerS3Error(response, 403, 'AccessDenied', message)
  else answerJsonError(response, service, service === 'lambda' ? 403 : 400, 'AccessDeniedException', message)
}
