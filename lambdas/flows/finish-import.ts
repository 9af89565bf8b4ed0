// Once every range of a file is loaded: counts its rows, writes the rejected ones and the report beside it, and marks it done
// last. Computed from what the ranges left, so doing it twice comes to the same.
import type { OrgSlug } from '../../contract/ids.ts'
import { type FileImport, fileProblems, type RangeResult } from '../../contract/import.ts'
import { countRows } from '../domain/files/count-rows.ts'
import { nameFile, rejectedKey, reportKey, workKey } from '../domain/files/name-file.ts'
import { csvRejectionHeader } from '../domain/files/row-fault.ts'
import { statusOf, writeReport } from '../domain/files/write-report.ts'
import type { Files, Ledger } from './file-deps.ts'

export interface FinishDeps {
  readonly ledger: Pick<Ledger, 'find' | 'replace' | 'readPending' | 'readDone'>
  readonly files: Pick<Files, 'head' | 'read' | 'put' | 'putStream' | 'remove'>
  readonly now: () => number
}

/** `known`: it is finished, or not to be finished yet. */
export type Finished = 'finished' | 'known' | 'superseded'

/** `stuck`: end it also while ranges are left. @throws when something cannot answer; may be tried again */
export async function finishImport(deps: FinishDeps, org: OrgSlug, importId: string, stuck = false): Promise<Finished> {
  const of = await deps.ledger.find(org, importId)
  if (of?.status !== 'loading') return 'known'
  const left = (await deps.ledger.readPending(org, importId, stuck ? undefined : 1)).length
  if (left > 0) return stuck ? concludeStuck(deps, of, left) : 'known'
  const version = await deps.files.head(of.key)
  if (version !== undefined && version.etag !== of.etag) {
    await deps.ledger.replace({ ...of, status: 'superseded', finishedAtMs: deps.now() }, ['loading'])
    return 'superseded'
  }
  return conclude(deps, of, await deps.ledger.readDone(org, importId))
}

async function concludeStuck(deps: FinishDeps, of: FileImport, left: number): Promise<Finished> {
  const message = `${fileProblems['file.stuck']} Seen: ${left} of ${of.ranges ?? left} ranges left.`
  const problems = [...of.problems, { code: 'file.stuck', message }]
  return conclude(deps, { ...of, problems }, await deps.ledger.readDone(of.org, of.importId))
}

/** Writes the report on what is done and ends the import. */
async function conclude(deps: FinishDeps, of: FileImport, done: readonly RangeResult[]): Promise<Finished> {
  const rejected = sum(done.map((range) => range.rejected))
  const good = sum(done.map(({ rows }) => rows)) - rejected
  const counts = await countRows({ good, rejected }, () => readLooks(deps.files, of, done))
  const status = statusOf(of.problems, counts)
  const ended = { ...of, counts, status, finishedAtMs: deps.now() }
  const rejectedFile = await writeRejected(deps.files, of, done)
  await deps.files.put(reportKey(of.key), writeReport(ended, addReasons(done), rejectedFile), 'application/json')
  return (await deps.ledger.replace(ended, ['loading'])) ? 'finished' : 'known'
}

async function* readLooks(files: Pick<Files, 'read'>, of: FileImport, done: readonly RangeResult[]) {
  for (const { number, rows, rejected } of done) {
    if (rows > rejected) yield await readWhole(files, workKey(of.org, of.importId, 'look', number))
  }
}

async function readWhole(files: Pick<Files, 'read'>, key: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of files.read({ key })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The rejected rows of all ranges in order. A file without any has none beside it, also when an earlier version had. */
async function writeRejected(
  files: Pick<Files, 'read' | 'putStream' | 'remove' | 'head'>,
  of: FileImport,
  done: readonly RangeResult[],
): Promise<string | null> {
  const name = nameFile(of.key)
  if (name.kind !== 'file') return null
  const key = rejectedKey(of.key, name.format)
  const withRejected = done.filter(({ rejected }) => rejected > 0).toSorted((a, b) => a.number - b.number)
  if (withRejected.length === 0) {
    if ((await files.head(key)) !== undefined) await files.remove(key)
    return null
  }
  async function* pieces() {
    if (name.kind === 'file' && name.format === 'csv') yield Buffer.from(csvRejectionHeader(of.header ?? ''), 'latin1')
    for (const { number } of withRejected) yield* files.read({ key: workKey(of.org, of.importId, 'rejected', number) })
  }
  await files.putStream(key, pieces())
  return key
}

function addReasons(done: readonly RangeResult[]): Record<string, number> {
  const all: Record<string, number> = {}
  for (const { reasons } of done) {
    for (const [code, count] of Object.entries(reasons)) all[code] = (all[code] ?? 0) + count
  }
  return all
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
