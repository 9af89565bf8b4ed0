// Values that may be served from memory for a while. Bounded, so that what callers send cannot grow it without end; the
// clock is an argument.

export interface CacheProps {
  /** The entry that was kept longest ago makes room. */
  readonly maxEntries: number
  readonly lifeMs: number
  readonly now: () => number
}

export interface Cache<V> {
  /** The value, while it is young enough. */
  readonly find: (key: string) => V | undefined
  readonly keep: (key: string, value: V) => void
  readonly forget: (key: string) => void
  /**
   * The value, from memory or else from `read`, which concurrent callers share. What is not found, or fails, is not kept.
   * The age counts from before the read, so a value is never served longer than `lifeMs` after it was true.
   */
  readonly load: (key: string, read: () => Promise<V | undefined>) => Promise<V | undefined>
}

/** A cache in memory. Keys must name the org: one cache serves all of them. */
export function makeCache<V>({ maxEntries, lifeMs, now }: CacheProps): Cache<V> {
  const entries = new Map<string, { readonly value: V; readonly untilMs: number }>()
  const reads = new Map<string, Promise<V | undefined>>()

  const keepSince = (key: string, value: V, sinceMs: number) => {
    entries.delete(key)
    entries.set(key, { value, untilMs: sinceMs + lifeMs })
    const [oldest] = entries.keys()
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
  }
  const find = (key: string): V | undefined => {
    const entry = entries.get(key)
    if (entry === undefined) return undefined
    if (now() < entry.untilMs) return entry.value
    entries.delete(key)
    return undefined
  }
  const readNow = async (key: string, read: () => Promise<V | undefined>): Promise<V | undefined> => {
    const sinceMs = now()
    try {
      const value = await read()
      if (value !== undefined) keepSince(key, value, sinceMs)
      return value
    } finally {
      reads.delete(key)
    }
  }
  return {
    find,
    keep: (key, value) => keepSince(key, value, now()),
    forget: (key) => entries.delete(key),
    async load(key, read) {
      const known = find(key)
      if (known !== undefined) return known
      const running = reads.get(key) ?? readNow(key, read)
      reads.set(key, running)
      return running
    },
  }
}
