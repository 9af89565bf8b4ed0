// Heals what notifications and queues lose: takes up imports that stand still, and loads objects that nobody announced. Run on a
// schedule. What fails for one import or one file is counted and told, and the others go on.
import type { OrgSlug } from '../../contract/ids.ts'
import type { FileImport } from '../../contract/import.ts'
import { rangesOnTheirWay } from '../../contract/limits.ts'
import { begunAtMs, countAttempt, judgeImport, patienceMs } from '../domain/files/judge-import.ts'
import { incomingPrefix, nameFile, nameImport, type ObjectVersion } from '../domain/files/name-file.ts'
import type { Notice } from '../domain/files/read-notice.ts'
import type { Files, Ledger, SendNotices, SendRanges } from './file-deps.ts'
import { inLanes } from './in-lanes.ts'
import { sendFirst } from './plan-file.ts'

interface Open {
  readonly org: OrgSlug
  readonly importId: string
}

export interface ReconcileDeps {
  readonly ledger: Pick<Ledger, 'find' | 'readPending' | 'replace' | 'findProgress'>
  readonly open: {
    listOpen(): AsyncIterable<Open[]>
    forgetOpen(open: Open): Promise<void>
    findCursor(): Promise<string | undefined>
    keepCursor(after: string | undefined): Promise<void>
  }
  readonly files: Pick<Files, 'list'>
  readonly sendRanges: SendRanges
  readonly sendNotices: SendNotices
  /** Whether no range waits in the queue or is loaded now, as far as the queue can tell. */
  readonly isQuiet: () => Promise<boolean>
  readonly now: () => number
  /** Told of what failed, and for whom. */
  readonly tellFailure: (org: string, error: unknown) => void
}

export interface Reconciled {
  announced: number
  resent: number
  stuck: number
  failed: number
  /** How long the file that has waited longest is there without an end. */
  oldestMs: number
}

/** Objects older than this were seen by hundreds of runs. */
const lookBackMs = 3 * 86_400_000
/** The group of messages about files that name no org. */
const nobody = 'nobody'
const lanes = 8
const objectsAtOnce = 200
/** Of the time that the schedule's function has; what is left of the bucket is looked at by the next run. */
const listingMs = 200_000

/** @throws when the list of open imports, the bucket or the queue cannot answer; the next run goes on */
export async function reconcileFiles(deps: ReconcileDeps): Promise<Reconciled> {
  const startedAtMs = deps.now()
  const tally: Reconciled = { announced: 0, resent: 0, stuck: 0, failed: 0, oldestMs: 0 }
  const each = async <T>(items: readonly T[], orgOf: (item: T) => string, task: (item: T) => Promise<void>) => {
    await inLanes(items, lanes, async (item) => {
      try {
        await task(item)
      } catch (error) {
        tally.failed++
        deps.tellFailure(orgOf(item), error)
      }
    })
  }
  const isQuiet = await deps.isQuiet()
  for await (const page of deps.open.listOpen()) {
    await each(
      page,
      ({ org }) => org,
      (open) => heal(deps, open, isQuiet, startedAtMs, tally),
    )
  }
  const orgOf = ({ key }: ObjectVersion) => orgNamed(key) ?? nobody
  let after = await deps.open.findCursor()
  for await (const batch of inBatches(deps.files.list(incomingPrefix, after))) {
    await each(batch, orgOf, (version) => announce(deps, version, startedAtMs, tally))
    after = batch.at(-1)?.key
    if (deps.now() - startedAtMs < listingMs) continue
    await deps.open.keepCursor(after)
    return tally
  }
  if (after !== undefined) await deps.open.keepCursor(undefined)
  return tally
}

/** Loads an object that nobody told of. */
async function announce(deps: ReconcileDeps, version: ObjectVersion, nowMs: number, tally: Reconciled): Promise<void> {
  const ageMs = nowMs - version.modifiedAtMs
  const org = orgNamed(version.key)
  if (ageMs > lookBackMs || ageMs < 0 || nameFile(version.key).kind === 'ignored') return
  if (org !== undefined && (await deps.ledger.find(org, nameImport(version))) !== undefined) return
  if (org !== undefined) tally.oldestMs = Math.max(tally.oldestMs, ageMs)
  if (ageMs <= patienceMs) return
  await deps.sendNotices(org ?? nobody, [{ kind: 'plan', key: version.key }])
  tally.announced++
}

function orgNamed(key: string): OrgSlug | undefined {
  const named = nameFile(key)
  return named.kind === 'ignored' ? undefined : named.org
}

/** Does what an import that stands still needs. */
async function heal(
  deps: ReconcileDeps,
  open: Open,
  isQuiet: boolean,
  nowMs: number,
  tally: Reconciled,
): Promise<void> {
  const { org, importId } = open
  const of = await deps.ledger.find(org, importId)
  if (of === undefined || of.finishedAtMs !== undefined) return deps.open.forgetOpen(open)
  tally.oldestMs = Math.max(tally.oldestMs, nowMs - begunAtMs(of))
  const progressAtMs = await deps.ledger.findProgress(org, importId)
  const left = of.status === 'loading' ? await deps.ledger.readPending(org, importId, rangesOnTheirWay) : []
  const remedy = judgeImport(of, { progressAtMs, isLeft: left.length > 0, isQuiet }, nowMs)
  if (remedy === 'none') return
  const tried: FileImport = { ...of, attempts: countAttempt(of, progressAtMs), sentAtMs: nowMs }
  if (remedy === 'send') {
    await sendFirst(deps, tried, left)
    tally.resent++
    return
  }
  const notice: Notice =
    remedy === 'plan'
      ? { kind: 'plan', key: of.key, importId }
      : { kind: 'finish', org, importId, ...(remedy === 'give up' && { stuck: true }) }
  await deps.ledger.replace(tried, [of.status])
  await deps.sendNotices(org, [notice])
  if (remedy === 'plan') tally.announced++
  else if (remedy === 'finish') tally.resent++
  else tally.stuck++
}

async function* inBatches(versions: AsyncIterable<ObjectVersion>): AsyncGenerator<ObjectVersion[]> {
  let batch: ObjectVersion[] = []
  for await (const version of versions) {
    batch.push(version)
    if (batch.length < objectsAtOnce) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
