// Keeps calls below so many a second, whatever is waiting: Customer.io answers 429 to the one too many.

export interface Pace {
  /** Resolves when one more call may start. */
  turn(): Promise<void>
}

/** A little more than a second: what leaves evenly may arrive closer together. */
const windowMs = 1_100

/** `calls` may start within any window; the next waits for the oldest of them to leave it. */
export function makePace(calls: number, now: () => number, pause: (ms: number) => Promise<void>): Pace {
  const starts: number[] = []
  return {
    async turn() {
      const nth = starts.length < calls ? undefined : starts[starts.length - calls]
      const atMs = Math.max(now(), nth === undefined ? 0 : nth + windowMs)
      starts.push(atMs)
      if (starts.length > calls) starts.shift()
      const waitMs = atMs - now()
      if (waitMs > 0) await pause(waitMs)
    },
  }
}
