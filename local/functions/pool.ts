// The processes of one function: made on demand up to its cap, kept warm, each working on one invocation at a time.
import { randomUUID } from 'node:crypto'
import type { FunctionSpec } from './function.ts'
import type { FunctionError } from './messages.ts'
import { type FunctionHost, type FunctionProcess, type Outcome, startFunctionProcess } from './process.ts'

export type FunctionPool = {
  readonly spec: FunctionSpec
  readonly invoke: (event: unknown, requestId?: string) => Promise<Outcome>
  /** Invocations that run or wait. */
  readonly busyCount: () => number
  /** Starts one process ahead of the first invocation; resolves when it is ready, with the error when its handler cannot be loaded. */
  readonly warm: () => Promise<FunctionError | undefined>
  /** Takes no more work, lets what runs finish for so long, then kills. */
  readonly stop: (graceMs: number) => Promise<void>
  /** Kills its processes at once: those that wait for work, or also those that are at work. @returns how many */
  readonly kill: (atWorkToo: boolean) => number
}

/** Lambda's limit on what a synchronous invocation may return. */
const MAX_RESULT_BYTES = 6_291_556

export const makePool = (spec: FunctionSpec, host: FunctionHost): FunctionPool => {
  const idle: FunctionProcess[] = []
  const all = new Set<FunctionProcess>()
  const waiting: ((taken: FunctionProcess) => void)[] = []
  let busy = 0
  let stopped = false

  const start = (): FunctionProcess => {
    const made = startFunctionProcess(spec, host)
    all.add(made)
    return made
  }
  const take = (): Promise<FunctionProcess> => {
    for (let found = idle.pop(); found !== undefined; found = idle.pop()) {
      if (found.isAlive()) return Promise.resolve(found)
      all.delete(found)
    }
    if (all.size < spec.maxProcesses) return Promise.resolve(start())
    return new Promise((resolve) => waiting.push(resolve))
  }
  const release = (used: FunctionProcess): void => {
    const next = waiting.shift()
    if (!used.isAlive()) all.delete(used)
    if (next !== undefined) next(used.isAlive() ? used : start())
    else if (used.isAlive()) idle.push(used)
  }

  const invoke = async (event: unknown, requestId: string = randomUUID()): Promise<Outcome> => {
    if (stopped)
      return {
        kind: 'error',
        error: { errorType: 'ServiceException', errorMessage: 'The local deployment is stopping', trace: [] },
      }
    if (host.isThrottled()) {
      host.metrics.functionThrottled(spec.name)
      return {
        kind: 'error',
        error: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.', trace: [] },
      }
    }
    busy += 1
    try {
      const taken = await take()
      try {
        const outcome = await taken.invoke(requestId, JSON.stringify(event))
        if (outcome.kind !== 'result' || outcome.resultText.length <= MAX_RESULT_BYTES) return outcome
        const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_RESULT_BYTES} bytes).`
        return { kind: 'error', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage, trace: [] } }
      } finally {
        release(taken)
      }
    } finally {
      busy -= 1
    }
  }

  const stop = async (graceMs: number): Promise<void> => {
    stopped = true
    const deadlineMs = Date.now() + graceMs
    while (busy > 0 && Date.now() < deadlineMs) await new Promise((resolve) => setTimeout(resolve, 20))
    await Promise.all([...all].map((each) => each.kill()))
    await host.log.close()
  }

  const kill = (atWorkToo: boolean): number => {
    // Out of the list at once: a process that is dying must be given no more work.
    const resting = idle.splice(0)
    for (const each of resting) all.delete(each)
    const doomed = atWorkToo ? [...resting, ...all] : resting
    for (const each of doomed) void each.kill()
    return doomed.length
  }

  return {
    spec,
    invoke,
    kill,
    busyCount: () => busy,
    warm: () => {
      const made = start()
      idle.push(made)
      return made.ready
    },
    stop,
  }
}
