// What the OpenID provider remembers: sessions, codes, tokens. In memory: who restarts signs in again.
import type { Adapter, AdapterPayload } from 'oidc-provider'

type Kept = { payload: AdapterPayload; readonly untilMs: number }

/** Makes the memory of one provider; the names of models keep theirs apart. */
export const makeSignInMemory = (): ((model: string) => Adapter) => {
  const kept = new Map<string, Kept>()
  const find = (key: string): AdapterPayload | undefined => {
    const found = kept.get(key)
    if (found !== undefined && found.untilMs > Date.now()) return found.payload
    kept.delete(key)
    return undefined
  }
  return (model) => ({
    upsert: async (id, payload, expiresInSeconds) => {
      const untilMs = Date.now() + (expiresInSeconds ?? Number.POSITIVE_INFINITY) * 1_000
      kept.set(`${model}:${id}`, { payload, untilMs })
    },
    find: async (id) => find(`${model}:${id}`),
    findByUid: async (uid) =>
      [...kept.keys()]
        .filter((key) => key.startsWith(`${model}:`))
        .map(find)
        .find((payload) => payload?.uid === uid),
    findByUserCode: async () => undefined,
    consume: async (id) => {
      const found = kept.get(`${model}:${id}`)
      if (found !== undefined) found.payload = { ...found.payload, consumed: Math.floor(Date.now() / 1_000) }
    },
    destroy: async (id) => void kept.delete(`${model}:${id}`),
    revokeByGrantId: async (grantId) => {
      for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key)
    },
  })
}
