// Token buckets per route, as the stage's settings ask: so many requests a second, and so many at once.

export type Limit = { readonly ratePerSecond: number; readonly burst: number }

/** Makes a bucket that starts full; `nowMs` is read at every take. True: the request may pass. */
export const makeTokenBucket = (
  { ratePerSecond, burst }: Limit,
  nowMs: () => number = () => performance.now(),
): (() => boolean) => {
  let tokens = burst
  let lastMs = nowMs()
  return () => {
    const now = nowMs()
    tokens = Math.min(burst, tokens + ((now - lastMs) / 1_000) * ratePerSecond)
    lastMs = now
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
