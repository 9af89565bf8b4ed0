// One worker from the parent's side: starts it, hands it events, takes what they took.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import * as z from 'zod/mini'

const takenSchema = z.object({ cpuUs: z.number(), wallUs: z.number() })

/** Microseconds per call. */
export type Taken = z.infer<typeof takenSchema>

export interface MeasuredProcess {
  readonly call: (events: readonly object[]) => Promise<Taken>
  readonly stop: () => void
}

/** `file` exports `handler`. The process gets this environment and nothing else. */
export async function startMeasured(
  file: string,
  env: Readonly<Record<string, string>>,
  execArgv: readonly string[] = [],
): Promise<MeasuredProcess> {
  const worker = fork(new URL('./worker.ts', import.meta.url), [file], {
    env: { ...env },
    execArgv: ['--expose-gc', ...execArgv],
    // Items may hold bytes.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(worker, 'exit').then(([code]: unknown[]) => {
    throw new Error(`a measured process ended with ${code}`)
  })
  ended.catch(() => undefined)
  const answered = async () => {
    const [answer]: unknown[] = await Promise.race([once(worker, 'message'), ended])
    return answer
  }
  await answered()
  return {
    async call(events) {
      const answer = answered()
      worker.send([...events])
      return takenSchema.parse(await answer)
    },
    stop: () => worker.kill(),
  }
}
