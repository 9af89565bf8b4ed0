// What goes wrong, drawn from a seed: functions killed, calls to tables, queues and secrets cut, lost, slowed and refused,
// clocks put off, the tables' emulator killed and started again with its disk. One harm after the other until told to stop.
import { setTimeout as sleep } from 'node:timers/promises'
import { drawsOf } from '../simulate/planted.ts'

export interface Outage {
  readonly fromMs: number
  readonly toMs: number
}

export interface Harm {
  /** When the whole stack was down: while the tables' emulator was away. */
  readonly outages: readonly Outage[]
  /** How often each kind was done. */
  readonly done: ReadonlyMap<string, number>
  /** Ends it, and mends what can be mended. */
  readonly stop: () => Promise<void>
}

const modes = ['cut', 'lost', 'slow', 'unavailable', 'throttle', 'refuse'] as const
const services = ['dynamodb', 'dynamodb', 'dynamodb', 'sqs', 'secretsmanager', 's3'] as const
/** Functions that are asked for an answer die between two requests: a death within one is API Gateway's answer, not ours. */
const answering = ['GenerateCopy', 'ReceiveCioWebhook', 'ReceiveCustomEvents', 'ReadResults', 'Manage'] as const
const working = [
  'MeasureOutcomes',
  'MeasureOutcomes',
  'RemeasureOutcomes',
  'LoadCustomEvents',
  'PlanCustomEvents',
] as const
const longestSkewMs = 120_000
const faultsAtOnce = 3
const restartEveryMs = 40_000

export function harm(adminUrl: string, functionPrefix: string, seed: number): Harm {
  const outages: Outage[] = []
  const done = new Map<string, number>()
  const post = (path: string, body: object) =>
    fetch(`${adminUrl}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const stopping = new AbortController()
  const note = (kind: string) => done.set(kind, (done.get(kind) ?? 0) + 1)

  const restart = async () => {
    const fromMs = Date.now()
    await post('/restart', {})
    // What it was doing when it came back is part of it.
    outages.push({ fromMs, toMs: Date.now() + 3_000 })
    note('tables restarted')
  }
  const kill = async (name: string, at: 'work' | 'rest') => {
    await post('/kill', { function: `${functionPrefix}${name}`, at })
    note(`functions killed at ${at}`)
  }
  const step = async (number: number): Promise<void> => {
    const draw = drawsOf(seed, number)
    const pick = <T>(name: string, from: readonly [T, ...T[]]): T =>
      from[Math.floor(draw(name) * from.length)] ?? from[0]
    const kind = draw('kind')
    if (kind < 0.2) return kill(pick('function', working), 'work')
    if (kind < 0.3) return kill(pick('function', answering), 'rest')
    if (kind < 0.4) {
      const name = pick('function', [...answering, ...working])
      const ms = Math.round((draw('skew') * 2 - 1) * longestSkewMs)
      await post('/skew', { function: `${functionPrefix}${name}`, ms })
      note('clocks put off')
      return kill(name, 'rest')
    }
    const mode = pick('mode', modes)
    const count = 1 + Math.floor(draw('count') * 12)
    const delayMs = mode === 'slow' ? 200 + Math.floor(draw('delay') * 2_500) : 0
    // Where few calls are made faults would pile up, until nothing gets through whoever is how patient.
    const open: unknown = await (await fetch(`${adminUrl}/faults`)).json()
    if (Array.isArray(open) && open.length >= faultsAtOnce) await fetch(`${adminUrl}/faults`, { method: 'DELETE' })
    await post('/faults', { service: pick('service', services), mode, count, delayMs })
    note(`calls ${mode}`)
  }

  const run = async () => {
    let restartedMs = Date.now() - restartEveryMs / 2
    for (let number = 0; !stopping.signal.aborted; number++) {
      if (Date.now() - restartedMs > restartEveryMs) {
        await restart()
        restartedMs = Date.now()
      }
      await step(number)
      await sleep(300 + drawsOf(seed, number)('pause') * 1_500, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      )
    }
  }
  const running = run()
  return {
    outages,
    done,
    async stop() {
      stopping.abort()
      await running
      await fetch(`${adminUrl}/faults`, { method: 'DELETE' })
      for (const name of [...answering, ...working]) {
        await post('/skew', { function: `${functionPrefix}${name}`, ms: 0 })
        await post('/kill', { function: `${functionPrefix}${name}`, at: 'rest' })
      }
    },
  }
}
