// How a request with an API key is let in. Whatever is wrong with the org or the key is answered alike, so that an answer
// never tells which orgs or keys exist.

import type { ApiKey, Scope } from '../../contract/api-key.ts'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { keyCacheMs, unknownKeyCacheMs } from '../../contract/limits.ts'
import { Fault } from '../domain/api/fault.ts'
import { judgeKey, readKeyId } from '../domain/settings/api-key.ts'
import { makeCache } from './cache.ts'

export interface KeyCheckDeps {
  /** The key of that org with that id, strongly consistent. */
  readonly findApiKey: (org: OrgSlug, keyId: string, signal?: AbortSignal) => Promise<ApiKey | undefined>
  /** Notes the hour of a use, once per hour and key; absent: uses are not noted. */
  readonly noteKeyUse?: (org: OrgSlug, keyId: string, hourMs: number) => Promise<void>
  readonly now: () => number
  readonly stage: string
}

/** Header names in lower case, as API Gateway hands them over. */
export type Headers = Readonly<Record<string, string | undefined>>

/**
 * The org that the path names, once the key in the headers proves the right to it.
 * @throws Fault `auth.failed`, or `auth.forbidden` when a good key lacks the scope
 */
export type CheckKey = (
  org: string | undefined,
  headers: Headers,
  scope: Scope,
  signal?: AbortSignal,
) => Promise<OrgSlug>

const maxKnownKeys = 1_000
const maxUnknownKeys = 5_000
const hourMs = 3_600_000

/** Keeps what it read: good keys for `keyCacheMs`; keys that do not exist for a moment, apart, so junk displaces nobody. */
export function makeKeyCheck({ findApiKey, noteKeyUse, now, stage }: KeyCheckDeps): CheckKey {
  const known = makeCache<ApiKey>({ maxEntries: maxKnownKeys, lifeMs: keyCacheMs, now })
  const unknown = makeCache<true>({ maxEntries: maxUnknownKeys, lifeMs: unknownKeyCacheMs, now })

  /** Uses that this instance has noted, or is noting. */
  const noted = makeCache<true>({ maxEntries: maxKnownKeys, lifeMs: hourMs, now })

  /** Beside the caller's own work, which never waits for it: what fails is noted with a later use. */
  const note = (org: OrgSlug, { keyId, lastUsedHourMs = 0 }: ApiKey): void => {
    const hour = now() - (now() % hourMs)
    const name = `${org}#${keyId}#${hour}`
    if (noteKeyUse === undefined || lastUsedHourMs >= hour || noted.find(name)) return
    noted.keep(name, true)
    noteKeyUse(org, keyId, hour).catch(() => noted.forget(name))
  }

  const find = async (org: OrgSlug, keyId: string, signal?: AbortSignal) => {
    const name = `${org}#${keyId}`
    if (unknown.find(name)) return undefined
    const stored = await known.load(name, () => findApiKey(org, keyId, signal))
    if (stored === undefined) unknown.keep(name, true)
    return stored
  }

  return async (org, headers, scope, signal) => {
    const slug = orgSlugSchema.safeParse(org)
    const key = keyIn(headers)
    const keyId = key === undefined ? undefined : readKeyId(key, stage)
    if (!slug.success || key === undefined || keyId === undefined) throw new Fault('auth.failed')
    const stored = await find(slug.data, keyId, signal)
    const judgement = stored === undefined ? 'refused' : judgeKey(key, stored, scope, now())
    if (stored === undefined || judgement === 'refused') throw new Fault('auth.failed')
    note(slug.data, stored)
    if (judgement === 'forbidden') throw new Fault('auth.forbidden')
    return slug.data
  }
}

/** The key that a request shows, in a header of its own or as a bearer token. */
export function keyIn(headers: Headers): string | undefined {
  const own = headers['x-api-key']?.trim()
  if (own !== undefined && own !== '') return own
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
}
