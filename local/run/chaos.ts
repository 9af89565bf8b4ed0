// What goes wrong on demand beside calls that fail: processes die, clocks are off, the tables' emulator goes away for a moment.
import type { FunctionPool } from '../functions/pool.ts'

export type Chaos = {
  /** Kills the processes of a function. @returns how many; 0 for a name that nothing has */
  readonly kill: (functionName: string, atWorkToo: boolean) => number
  /** Puts the clock of processes that start from now on off by so much. */
  readonly skew: (functionName: string, ms: number) => void
  readonly skewOf: (functionName: string) => number
  /** Kills the tables' emulator and starts it again with its disk. */
  readonly restart: () => Promise<void>
}

export const makeChaos = (
  pools: ReadonlyMap<string, FunctionPool>,
  restartTables: () => Promise<void> | undefined,
): Chaos => {
  const skews = new Map<string, number>()
  return {
    kill: (name, atWorkToo) => pools.get(name)?.kill(atWorkToo) ?? 0,
    skew: (name, ms) => void skews.set(name, ms),
    skewOf: (name) => skews.get(name) ?? 0,
    restart: async () => restartTables(),
  }
}
