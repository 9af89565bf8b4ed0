// Who wrote to which table and when: lets stream readers look at once instead of after a pause, and tells whether a
// reader has seen everything that was written.

export type TableNews = {
  /** Marks the begin of a write to these tables; the returned function marks its end. */
  readonly writing: (tables: readonly string[]) => () => void
  /** Resolves when the table is written to, or after so long. */
  readonly wait: (table: string, limitMs: number) => Promise<void>
  /** When the latest write ended (performance.now()); infinite while one is under way. */
  readonly lastWriteMs: (table: string) => number
}

export const makeTableNews = (): TableNews => {
  const lastWrites = new Map<string, number>()
  const underWay = new Map<string, number>()
  const waiters = new Map<string, Set<() => void>>()
  return {
    writing: (tables) => {
      for (const table of tables) underWay.set(table, (underWay.get(table) ?? 0) + 1)
      return () => {
        for (const table of tables) {
          underWay.set(table, (underWay.get(table) ?? 1) - 1)
          lastWrites.set(table, performance.now())
          for (const wake of waiters.get(table) ?? []) wake()
        }
      }
    },
    wait: (table, limitMs) =>
      new Promise((resolve) => {
        const waiting = waiters.get(table) ?? new Set()
        waiters.set(table, waiting)
        const wake = (): void => {
          clearTimeout(timer)
          waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, limitMs)
        waiting.add(wake)
      }),
    lastWriteMs: (table) =>
      (underWay.get(table) ?? 0) > 0 ? Number.POSITIVE_INFINITY : (lastWrites.get(table) ?? Number.NEGATIVE_INFINITY),
  }
}
