// What a finished start tells: addresses, the operator's credentials, names. Written whole or not at all.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Credentials } from '../gate/caller.ts'
import type { JsonRecord } from '../json.ts'
import { REGION } from '../template/intrinsics.ts'
import type { StandIns } from './stand-ins.ts'

export type Endpoint = { readonly url: string; readonly region: string; readonly credentials: Credentials }
export type Ready = {
  readonly apiUrl: string
  /** Where the console is, when the template has one. */
  readonly consoleUrl?: string
  readonly adminUrl: string
  readonly endpoints: {
    readonly dynamodb: Endpoint
    readonly s3: Endpoint
    readonly sqs: Endpoint
    readonly secretsmanager: Endpoint
    readonly lambda: Endpoint
    readonly cognito: Endpoint
  }
  readonly resources: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
  readonly logs: string
  /** The stand-in for Customer.io, when the template has a parameter for it. */
  readonly customerio?: StandIns['ready']['customerio']
  /** What the seed program added. */
  readonly [key: string]: unknown
}

export const endpointsOf = (gateUrl: string, credentials: Credentials): Ready['endpoints'] => {
  const endpoint = { url: gateUrl, region: REGION, credentials }
  return {
    dynamodb: endpoint,
    s3: endpoint,
    sqs: endpoint,
    secretsmanager: endpoint,
    lambda: endpoint,
    cognito: endpoint,
  }
}

export const writeReady = (path: string, ready: Ready | JsonRecord): void => {
  writeFileSync(`${path}.tmp`, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.tmp`, path)
}

export const removeReady = (path: string): void => rmSync(path, { force: true })
