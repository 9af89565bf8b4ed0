// An org's secret where it is changed: read as it stands now, nothing kept in memory, and written whole.
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { OrgSlug } from '../../contract/ids.ts'
import { type OrgSecret, orgSecretSchema } from '../../contract/secrets.ts'

export interface OrgSecretWriter {
  /** Empty when none was ever stored. @throws when it is unreadable or not of our shape */
  readonly read: (org: OrgSlug, abortSignal?: AbortSignal) => Promise<OrgSecret>
  /** Begins nothing once the signal is aborted. */
  readonly write: (org: OrgSlug, secret: OrgSecret, abortSignal?: AbortSignal) => Promise<void>
}

export function makeOrgSecretWriter(client: SecretsManagerClient, prefix: string): OrgSecretWriter {
  return {
    async read(org, abortSignal) {
      const get = new GetSecretValueCommand({ SecretId: `${prefix}${org}` })
      const found = await client.send(get, { ...(abortSignal && { abortSignal }) }).catch(notThere)
      return found === undefined ? {} : parse(found.SecretString)
    },
    async write(org, secret, abortSignal) {
      const options = { ...(abortSignal && { abortSignal }) }
      const SecretString = JSON.stringify(secret)
      const put = new PutSecretValueCommand({ SecretId: `${prefix}${org}`, SecretString })
      const found = await client.send(put, options).catch(notThere)
      const create = new CreateSecretCommand({ Name: `${prefix}${org}`, SecretString })
      if (found === undefined) await client.send(create, options)
    },
  }
}

function notThere(error: unknown): undefined {
  if (error instanceof ResourceNotFoundException) return undefined
  throw error
}

/** The message never quotes what was read: parsers put their input into their errors. */
function parse(text: string | undefined): OrgSecret {
  try {
    return orgSecretSchema.parse(JSON.parse(text ?? ''))
  } catch {
    throw new Error('the secret is not JSON of the expected shape')
  }
}
