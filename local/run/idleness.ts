// Whether anything is under way: a function that runs, a source with work, an invocation that waits.
import type { AsynchronousInvoker } from '../functions/asynchronous.ts'
import type { FunctionPool } from '../functions/pool.ts'
import type { Source } from '../sources/source.ts'

export type Idleness = {
  readonly idle: boolean
  readonly busyFunctions: readonly string[]
  readonly busySources: readonly string[]
  readonly pendingInvocations: number
}

export const makeIdleness =
  (pools: ReadonlyMap<string, FunctionPool>, sources: () => readonly Source[], invoker: AsynchronousInvoker) =>
  (): Idleness => {
    const busyFunctions = [...pools.values()].filter((pool) => pool.busyCount() > 0).map(({ spec }) => spec.name)
    const busySources = sources()
      .filter((source) => !source.isIdle())
      .map(({ name }) => name)
    const pendingInvocations = invoker.pendingCount()
    return {
      idle: busyFunctions.length === 0 && busySources.length === 0 && pendingInvocations === 0,
      busyFunctions,
      busySources,
      pendingInvocations,
    }
  }
