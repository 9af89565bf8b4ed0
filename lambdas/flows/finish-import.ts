// Once every range of a file is loaded, or cannot be: counts its rows, writes the rejected ones and the report beside it, and
// marks it done last. Computed from what the ranges left, so doing it twice comes to the same.
import type { OrgSlug } from '../../contract/ids.ts'
import {
  type FileImport,
  type FileProblem,
  type FileProblemCode,
  type FileRange,
  fileProblems,
  type RangeResult,
} from '../../contract/import.ts'
import { reportKey, workKey } from '../domain/files/name-file.ts'
import { VersionMissing } from '../domain/files/object-version.ts'
import { statusOf, writeReport } from '../domain/files/write-report.ts'
import { type CountDeps, countImport } from './count-import.ts'
import type { Files, Ledger, SendNotices } from './file-deps.ts'
import { writeRejected } from './write-rejected.ts'

export interface FinishDeps extends CountDeps {
  readonly ledger: CountDeps['ledger'] & Pick<Ledger, 'find' | 'replace' | 'readPending' | 'readDone'>
  readonly files: Pick<Files, 'head' | 'read' | 'put' | 'putStream' | 'remove'>
  readonly sendNotices: SendNotices
}

/** `known`: it is finished, or not to be finished yet. `goes on`: another call counts further. */
export type Finished = 'finished' | 'known' | 'superseded' | 'goes on'

export interface Ending {
  /** End it with what is there: nobody could do the rest. */
  readonly stuck?: boolean | undefined
  /** The range whose unpacked part is no longer there. */
  readonly partOf?: number | undefined
}

/** @throws when something cannot answer; may be tried again */
export async function finishImport(
  deps: FinishDeps,
  org: OrgSlug,
  importId: string,
  { stuck = false, partOf }: Ending = {},
): Promise<Finished> {
  const of = await deps.ledger.find(org, importId)
  if (of?.status === 'planning' && stuck) return end(deps, of, problemOf('file.halted', `${of.attempts ?? 0} attempts`))
  if (of?.status !== 'loading') return 'known'
  const version = await deps.files.head(of.key)
  if (version !== undefined && version.etag !== of.etag) {
    await deps.ledger.replace({ ...of, status: 'superseded', finishedAtMs: deps.now() }, ['loading'])
    return 'superseded'
  }
  const left = await deps.ledger.readPending(org, importId, stuck ? undefined : 1)
  if (left.length === 0) {
    const attempts = `${of.attempts ?? 0} attempts`
    return stuck ? end(deps, of, problemOf('file.uncounted', attempts)) : conclude(deps, of)
  }
  const problem = await findReason(deps, of, left, version !== undefined, partOf)
  if (problem !== undefined) return conclude(deps, { ...of, problems: [...of.problems, problem] }, { stuck, partOf })
  if (!stuck) return 'known'
  const isLeft = problemOf('file.stuck', `${left.length} of ${of.ranges ?? left.length} ranges left`)
  return conclude(deps, { ...of, problems: [...of.problems, isLeft] }, { stuck })
}

/** Why the ranges that are left cannot be loaded by anybody. */
async function findReason(
  { files }: FinishDeps,
  { org, importId }: FileImport,
  left: readonly FileRange[],
  isThere: boolean,
  partOf: number | undefined,
): Promise<FileProblem | undefined> {
  if (partOf !== undefined) {
    const part = await files.head(workKey(org, importId, 'part', partOf))
    return part === undefined ? problemOf('file.parts', `nothing in the place of part ${partOf}`) : undefined
  }
  return isThere || left[0]?.part !== undefined ? undefined : problemOf('file.removed', 'no object under the key')
}

/** Writes the report on what is done and ends the import. */
async function conclude(deps: FinishDeps, of: FileImport, ending: Ending = {}): Promise<Finished> {
  const { org, importId } = of
  const done = await deps.ledger.readDone(org, importId)
  try {
    const counts = await countImport(deps, of, done)
    if (counts === undefined) {
      await deps.sendNotices(org, [{ kind: 'finish', org, importId, ...ending }])
      return 'goes on'
    }
    const rejectedFile = await writeRejected(deps.files, of, done)
    return await report(deps, { ...of, counts }, done, rejectedFile)
  } catch (error) {
    if (!(error instanceof VersionMissing)) throw error
    return end(deps, of, problemOf('file.uncounted', 'looks or rejected rows that are no longer kept'))
  }
}

/** Ends an import without its counts. */
async function end(deps: FinishDeps, of: FileImport, problem: FileProblem): Promise<Finished> {
  return report(deps, { ...of, problems: [...of.problems, problem] }, [], null)
}

async function report(
  deps: FinishDeps,
  of: FileImport,
  done: readonly RangeResult[],
  rejectedFile: string | null,
): Promise<Finished> {
  const ended = { ...of, status: statusOf(of.problems, of.counts), finishedAtMs: deps.now() }
  await deps.files.put(reportKey(of.key), writeReport(ended, addReasons(done), rejectedFile), 'application/json')
  return (await deps.ledger.replace(ended, [of.status])) ? 'finished' : 'known'
}

function problemOf(code: FileProblemCode, seen: string): FileProblem {
  return { code, message: `${fileProblems[code]} Seen: ${seen}.` }
}

function addReasons(done: readonly RangeResult[]): Record<string, number> {
  const all: Record<string, number> = {}
  for (const { reasons } of done) {
    for (const [code, count] of Object.entries(reasons)) all[code] = (all[code] ?? 0) + count
  }
  return all
}
