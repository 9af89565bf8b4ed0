// One lane of a shard: records of the same partition keys, gathered into batches and worked off strictly one after another.
import type { StreamRecord } from './stream-record.ts'

export type Lane = { readonly push: (record: StreamRecord) => void; readonly length: () => number }
export type LaneDeps = {
  readonly batchSize: number
  /** How long a batch may wait to fill. */
  readonly windowMs: number
  readonly workOff: (batch: readonly StreamRecord[]) => Promise<void>
  readonly signal: AbortSignal
}

/** Lambda's limit on a batch's payload. */
const MAX_BATCH_BYTES = 6 * 1_048_576
const bytesOf = (record: StreamRecord): number => JSON.stringify(record.event).length

export const makeLane = ({ batchSize, windowMs, workOff, signal }: LaneDeps): Lane => {
  const waiting: StreamRecord[] = []
  let working = false
  let windowTimer: NodeJS.Timeout | undefined
  let windowOver = false

  const takeBatch = (): StreamRecord[] => {
    const batch: StreamRecord[] = []
    let bytes = 0
    for (let next = waiting[0]; next !== undefined && batch.length < batchSize; next = waiting[0]) {
      bytes += bytesOf(next)
      if (bytes > MAX_BATCH_BYTES && batch.length > 0) break
      batch.push(next)
      waiting.shift()
    }
    return batch
  }

  const run = async (): Promise<void> => {
    if (working || signal.aborted || waiting.length === 0) return
    if (windowMs > 0 && waiting.length < batchSize && !windowOver) {
      windowTimer ??= setTimeout(() => {
        windowOver = true
        windowTimer = undefined
        void run()
      }, windowMs)
      return
    }
    clearTimeout(windowTimer)
    windowTimer = undefined
    windowOver = false
    working = true
    try {
      await workOff(takeBatch())
    } finally {
      working = false
    }
    setImmediate(() => void run())
  }

  signal.addEventListener('abort', () => clearTimeout(windowTimer))
  return {
    push: (record) => {
      waiting.push(record)
      // After the records that are read together with it.
      setImmediate(() => void run())
    },
    length: () => waiting.length,
  }
}
