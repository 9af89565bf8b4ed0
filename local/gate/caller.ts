// Who is calling: the access key in a request's signature names one function, or the operator. Signatures are not verified.
import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Service } from './demand.ts'
import type { Role } from './grants.ts'

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string }
export type FunctionCaller = { readonly functionName: string; readonly role: Role; readonly credentials: Credentials }
export type Scope = { readonly accessKeyId: string; readonly service: string }

/** Credentials that are stable for a name; alphanumeric, as DynamoDB Local demands. */
export const credentialsFor = (name: string): Credentials => ({
  accessKeyId: `LOCAL${createHash('sha256').update(name).digest('hex').slice(0, 15).toUpperCase()}`,
  secretAccessKey: randomBytes(20).toString('hex'),
})

/** The access key and service in the Authorization header, or in a presigned address. */
export const scopeOf = (request: IncomingMessage): Scope | undefined => {
  const header = request.headers.authorization
  const credential =
    header === undefined
      ? /[?&]X-Amz-Credential=([^&]+)/i.exec(request.url ?? '')?.[1]
      : /Credential=([^,\s]+)/.exec(header)?.[1]
  if (credential === undefined) return undefined
  const [accessKeyId = '', , , service = ''] = decodeURIComponent(credential).split('/')
  return { accessKeyId, service }
}

const SERVICES: Readonly<Record<string, Service>> = {
  dynamodb: 'dynamodb',
  s3: 's3',
  sqs: 'sqs',
  secretsmanager: 'secretsmanager',
  lambda: 'lambda',
  'cognito-idp': 'cognito-idp',
}
export const findService = (signedFor: string): Service | undefined => SERVICES[signedFor]

/** An Authorization header that names its caller and proves nothing: enough for the gate and the emulators. */
export const authorizationOf = ({ accessKeyId }: Credentials, service: Service): string =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=local`
