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
   * A newer copy than `seen`, which did not fit a signature; undefined when `seen` was read after the request had come at
   * `cameAtMs`, so that no newer one could fit. At most one read per `secretRefetchMs` for that reason.
   * @throws like `get`, and while that bound forbids a read that would decide: the caller must not be told that it is wrong.
   */
  refresh(org: OrgSlug, seen: OrgSecret, cameAtMs: number): Promise<OrgSecret | undefined>
}

interface Kept {
  secret?: { readonly value: OrgSecret; readonly askedAtMs: number }
  fetching?: Promise<OrgSecret>
  refreshedAtMs?: number
}

/** More orgs than one instance meets; the longest unused goes first. */
const maxKeptOrgs = 1_000

/** `onFailure` is told of every read that came to nothing. */
export function makeOrgSecrets(
  client: SecretsManagerClient,
  prefix: string,
  now: () => number,
  onFailure: (org: OrgSlug) => void = () => undefined,
): OrgSecrets {
  const keptByOrg = new Map<OrgSlug, Kept>()

  function keptOf(org: OrgSlug): Kept {
    const kept = keptByOrg.get(org) ?? {}
    keptByOrg.delete(org)
    keptByOrg.set(org, kept)
    const [oldest] = keptByOrg.keys()
    if (keptByOrg.size > maxKeptOrgs && oldest !== undefined) keptByOrg.delete(oldest)
    return kept
  }

  /** The age counts from before the read: what was stored before it is in what it answers. */
  function fetchInto(org: OrgSlug, kept: Kept): Promise<OrgSecret> {
    const askedAtMs = now()
    kept.fetching ??= fetchSecret(client, `${prefix}${org}`)
      .then((value) => {
        kept.secret = { value, askedAtMs }
        return value
      })
      .catch((error: unknown) => {
        onFailure(org)
        throw error
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
      return secret && now() - secret.askedAtMs < secretCacheMs ? secret.value : fetchInto(org, kept)
    },

    async refresh(org, seen, cameAtMs) {
      const kept = keptOf(org)
      if (kept.secret && kept.secret.value !== seen) return kept.secret.value
      if (kept.secret && kept.secret.askedAtMs >= cameAtMs) return undefined
      const sinceMs = now() - (kept.refreshedAtMs ?? Number.NEGATIVE_INFINITY)
      if (sinceMs >= secretRefetchMs) {
        kept.refreshedAtMs = now()
        return fetchInto(org, kept)
      }
      if (kept.fetching) return kept.fetching
      throw new Error('no key fits the signature, and the secret may not be read again so soon')
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
