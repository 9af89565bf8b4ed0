// Heals what notifications and queues lose: loads objects that nobody announced, sends ranges again that nobody loads, ends what
// nobody ends. Run on a schedule; the listing of the bucket is what it goes by.
import type { FileImport } from '../../contract/import.ts'
import { incomingPrefix, nameFile, nameImport } from '../domain/files/name-file.ts'
import type { Files, Ledger, SendNotices, SendRanges } from './file-deps.ts'
import { sendFirst } from './plan-file.ts'

export interface ReconcileDeps {
  readonly ledger: Pick<Ledger, 'find' | 'readPending' | 'replace'>
  readonly files: Pick<Files, 'list'>
  readonly sendRanges: SendRanges
  readonly sendNotices: SendNotices
  /** Whether no range waits in the queue or is loaded now, as far as the queue can tell. */
  readonly isQuiet: () => Promise<boolean>
  readonly now: () => number
}

export interface Reconciled {
  readonly announced: number
  readonly resent: number
  readonly stuck: number
  /** How long the file that has waited longest is there without an end. */
  readonly oldestMs: number
}

/** Objects older than this were seen by hundreds of runs. */
const lookBackMs = 3 * 86_400_000
/** The notification is on its way, or the planner at work. */
const patienceMs = 120_000
/** Longer than a planner may take. */
const planningMs = 1_200_000
/** Longer than a message is hidden while its range is loaded. */
const resendAfterMs = 1_800_000
/** A range that nobody could load in this time is not loadable. */
const stuckAfterMs = 86_400_000
/** The group of messages about files that name no org. */
const nobody = 'nobody'

/** @throws when something cannot answer; the next run goes on */
export async function reconcileFiles(deps: ReconcileDeps): Promise<Reconciled> {
  const nowMs = deps.now()
  const tally = { announced: 0, resent: 0, stuck: 0, oldestMs: 0 }
  for await (const version of deps.files.list(incomingPrefix)) {
    const ageMs = nowMs - version.modifiedAtMs
    const named = nameFile(version.key)
    if (ageMs > lookBackMs || ageMs < 0 || named.kind === 'ignored') continue
    const known = named.org && (await deps.ledger.find(named.org, nameImport(version)))
    if (named.org !== undefined && known?.finishedAtMs === undefined) tally.oldestMs = Math.max(tally.oldestMs, ageMs)
    if (known === undefined ? ageMs > patienceMs : isHalted(known, nowMs)) {
      await deps.sendNotices(named.org ?? nobody, [{ kind: 'plan', key: version.key }])
      tally.announced++
    } else if (known?.status === 'loading') {
      const what = await heal(deps, known, nowMs)
      if (what !== undefined) tally[what]++
    }
  }
  return tally
}

function isHalted({ status, startedAtMs }: FileImport, nowMs: number): boolean {
  return status === 'planning' && nowMs - startedAtMs > planningMs
}

async function heal(deps: ReconcileDeps, of: FileImport, nowMs: number): Promise<'resent' | 'stuck' | undefined> {
  const waitedMs = nowMs - (of.sentAtMs ?? of.startedAtMs)
  if (waitedMs < patienceMs) return undefined
  const { org, importId } = of
  const pending = await deps.ledger.readPending(org, importId)
  if (pending.length === 0) {
    await deps.sendNotices(org, [{ kind: 'finish', org, importId }])
    return 'resent'
  }
  if (nowMs - of.startedAtMs > stuckAfterMs) {
    await deps.sendNotices(org, [{ kind: 'finish', org, importId, stuck: true }])
    return 'stuck'
  }
  const halted = waitedMs > resendAfterMs && of.pendingSeen === pending.length
  if (halted || (await deps.isQuiet())) {
    await sendFirst(deps, of, pending)
    return 'resent'
  }
  if (waitedMs > resendAfterMs) {
    await deps.ledger.replace({ ...of, pendingSeen: pending.length, sentAtMs: nowMs }, ['loading'])
  }
  return undefined
}
