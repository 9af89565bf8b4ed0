// A key as it is shown and as the audit log keeps it: everything but the key and its digest.
import type { ApiKey } from '../../../contract/api-key.ts'
import type { KeyAnswer } from '../../../contract/key-answers.ts'

export function showKey(key: ApiKey): KeyAnswer {
  return {
    id: key.keyId,
    name: key.name ?? null,
    scopes: key.scopes,
    last_four: key.lastFour,
    created_at: instant(key.createdAtMs),
    expires_at: key.expiresAtMs === undefined ? null : instant(key.expiresAtMs),
    revoked_at: key.revokedAtMs === undefined ? null : instant(key.revokedAtMs),
    last_used_at: key.lastUsedHourMs === undefined ? null : instant(key.lastUsedHourMs),
  }
}

/** Neither revoked nor expired. */
export function isLive({ revokedAtMs, expiresAtMs }: ApiKey, nowMs: number): boolean {
  return revokedAtMs === undefined && (expiresAtMs === undefined || nowMs < expiresAtMs)
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString()
}
