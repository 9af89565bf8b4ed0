// Takes one batch of stream records to its end: handed to the function, tried again, split, reported item by item, and in
// the end either done or sent to the failure destination. The same for every shard; it reads no stream.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '../functions/process.ts'
import type { JsonRecord } from '../json.ts'
import { verdictOf } from './batch-answer.ts'
import type { Mapping } from './mapping.ts'
import type { StreamRecord } from './stream-record.ts'

export type GivenUp = {
  readonly records: readonly StreamRecord[]
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded'
  readonly attempts: number
  readonly outcome: Outcome | undefined
}
export type BatchDeps = {
  readonly mapping: Mapping
  readonly invoke: (event: JsonRecord) => Promise<Outcome>
  /** Records that need no more work, in order. */
  readonly done: (records: readonly StreamRecord[]) => void
  readonly giveUp: (givenUp: GivenUp) => Promise<void> | void
  readonly signal: AbortSignal
  readonly nowMs?: () => number
}
type Piece = { readonly records: readonly StreamRecord[]; readonly failedAttempts: number }

const FIRST_DELAY_MS = 100
const MAX_DELAY_MS = 5_000

/** Works a batch off; resolves when each record is done or given up, or when the signal stops it (then the rest stays undone). */
export const workOffBatch = async (records: readonly StreamRecord[], deps: BatchDeps): Promise<void> => {
  const { mapping, invoke, done, giveUp, signal } = deps
  const nowMs = deps.nowMs ?? Date.now
  const pieces: Piece[] = [{ records, failedAttempts: 0 }]
  for (let piece = pieces.shift(); piece !== undefined && !signal.aborted; piece = pieces.shift()) {
    const { failedAttempts } = piece
    const tooOld =
      mapping.maxAgeMs < 0 ? [] : piece.records.filter(({ createdMs }) => nowMs() - createdMs > mapping.maxAgeMs)
    if (tooOld.length > 0)
      await giveUp({ records: tooOld, condition: 'RecordAgeExceeded', attempts: failedAttempts, outcome: undefined })
    const batch = piece.records.filter((record) => !tooOld.includes(record))
    if (batch.length === 0) continue

    const outcome = await invoke({ Records: batch.map(({ event }) => event) })
    if (signal.aborted && outcome.kind !== 'result') return
    const left = undoneRecords(batch, outcome, mapping)
    if (left.length < batch.length) done(batch.slice(0, batch.length - left.length))
    if (left.length === 0) continue
    const progressed = left.length < batch.length
    const attempts = progressed ? 1 : failedAttempts + 1
    if (!progressed && mapping.bisects && left.length > 1) {
      // Splitting does not count as a retry.
      const middle = Math.ceil(left.length / 2)
      pieces.unshift(
        { records: left.slice(0, middle), failedAttempts },
        { records: left.slice(middle), failedAttempts },
      )
    } else if (mapping.maxRetries >= 0 && attempts > mapping.maxRetries) {
      await giveUp({ records: left, condition: 'RetryAttemptsExhausted', attempts, outcome })
      continue
    } else pieces.unshift({ records: left, failedAttempts: attempts })
    await sleep(Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts - 1, 10)), undefined, { signal }).catch(
      () => undefined,
    )
  }
}

/** What is left of a batch: all of it after an error, otherwise from the lowest reported failure on. */
const undoneRecords = (batch: readonly StreamRecord[], outcome: Outcome, mapping: Mapping): readonly StreamRecord[] => {
  if (outcome.kind !== 'result') return batch
  if (!mapping.reportsFailures) return []
  const verdict = verdictOf(outcome.resultText, new Set(batch.map(({ sequenceNumber }) => sequenceNumber)))
  if (verdict.kind === 'done') return []
  if (verdict.kind === 'failed') return batch
  return batch.slice(batch.findIndex(({ sequenceNumber }) => verdict.identifiers.has(sequenceNumber)))
}
