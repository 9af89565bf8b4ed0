// Each org's secret from Secrets Manager, kept in memory for a while. Errors are not kept: what cannot be read now is asked
// for again. Concurrent readers share one call.
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { OrgSlug } from '../../contract/ids.ts'
import { secretCacheMs, secretRefetchMs } from '../../contract/limits.ts'
import { type OrgSecret, orgSecretSchema } from '../../contract/secrets.ts'

export interface OrgSecrets {
  /** The secret, at most `secretCacheMs` old. @throws when it is missing, unreadable or not of our shape. */
  get(org: OrgSlug): Promise<OrgSecret>
  /**
   * A newer copy than `seen`, which did not fit a signature: undefined when there is none and one was fetched for that
   * reason less than `secretRefetchMs` ago. @throws like `get`, and all that time when that attempt failed.
   */
  refresh(org: OrgSlug, seen: OrgSecret): Promise<OrgSecret | undefined>
}

interface Kept {
  secret?: { readonly value: OrgSecret; readonly fetchedAtMs: number }
  fetching?: Promise<OrgSecret>
  refreshedAtMs?: number
  refreshFailed?: boolean
}

/** More orgs than one instance meets; the longest unused goes first. */
const maxKeptOrgs = 1_000

export function makeOrgSecrets(client: SecretsManagerClient, prefix: string, now: () => number): OrgSecrets {
  const keptByOrg = new Map<OrgSlug, Kept>()

  function keptOf(org: OrgSlug): Kept {
    const kept = keptByOrg.get(org) ?? {}
    keptByOrg.delete(org)
    keptByOrg.set(org, kept)
    const [oldest] = keptByOrg.keys()
    if (keptByOrg.size > maxKeptOrgs && oldest !== undefined) keptByOrg.delete(oldest)
    return kept
  }

  function fetchInto(org: OrgSlug, kept: Kept): Promise<OrgSecret> {
    kept.fetching ??= fetchSecret(client, `${prefix}${org}`)
      .then((value) => {
        kept.secret = { value, fetchedAtMs: now() }
        return value
      })
      .finally(() => {
        delete kept.fetching
      })
    return kept.fetching
  }

  return {
    async get(org) {
      const kept = keptOf(org)
      const { secret } = kept
      return secret && now() - secret.fetchedAtMs < secretCacheMs ? secret.value : fetchInto(org, kept)
    },

    async refresh(org, seen) {
      const kept = keptOf(org)
      if (kept.secret && kept.secret.value !== seen) return kept.secret.value
      const sinceMs = now() - (kept.refreshedAtMs ?? Number.NEGATIVE_INFINITY)
      if (sinceMs < secretRefetchMs) {
        if (kept.fetching) return kept.fetching
        if (kept.refreshFailed) throw new Error('the secret could not be read a moment ago')
        return undefined
      }
      kept.refreshedAtMs = now()
      kept.refreshFailed = true
      const value = await fetchInto(org, kept)
      kept.refreshFailed = false
      return value
    },
  }
}

async function fetchSecret(client: SecretsManagerClient, name: string): Promise<OrgSecret> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }))
  return parseSecret(SecretString)
}

/** The message never quotes what was read: parsers put their input into their errors. */
function parseSecret(text: string | undefined): OrgSecret {
  try {
    return orgSecretSchema.parse(JSON.parse(text ?? ''))
  } catch {
    throw new Error('the secret is not JSON of the expected shape')
  }
}
