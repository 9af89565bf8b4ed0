// Counts the rows of an import from the looks that its ranges left: in passes that fit memory, several ranges read at once. Each
// pass of a large file is kept, so that whoever goes on, or starts again, begins with the next.
import type { FileCounts, FileImport, PassCount, RangeResult } from '../../contract/import.ts'
import { finishSliceMs } from '../../contract/limits.ts'
import { passesFor, sumPasses } from '../domain/files/count-rows.ts'
import { workKey } from '../domain/files/name-file.ts'
import { PassCounter } from '../domain/files/pass-counter.ts'
import type { Files, Ledger } from './file-deps.ts'
import { inLanes } from './in-lanes.ts'

export interface CountDeps {
  readonly ledger: Pick<Ledger, 'keepPass' | 'readPasses' | 'noteProgress'>
  readonly files: Pick<Files, 'read'>
  readonly now: () => number
}

/** A range's looks are a few kilobytes, so the time is that of asking. */
const lanes = 24

/** @returns undefined when the time of one call is up before the last pass @throws VersionMissing when looks are gone */
export async function countImport(
  deps: CountDeps,
  of: FileImport,
  done: readonly RangeResult[],
): Promise<FileCounts | undefined> {
  const rejected = sum(done.map((range) => range.rejected))
  const good = sum(done.map(({ rows }) => rows)) - rejected
  const passes = passesFor(good)
  if (passes === 1) return sumPasses({ good, rejected }, [await countPass(deps, of, done, good)])
  const startedAtMs = deps.now()
  // Ranges that are done stay done, so their number says which they are.
  const counted = await deps.ledger.readPasses(of.org, of.importId, done.length)
  const known = new Map(counted.map((count) => [count.pass, count]))
  for (let pass = 0; pass < passes; pass++) {
    if (known.has(pass)) continue
    const count = { done: done.length, pass, ...(await countPass(deps, of, done, good, pass, passes)) }
    await deps.ledger.keepPass(of, count)
    await deps.ledger.noteProgress(of, deps.now())
    known.set(pass, count)
    if (deps.now() - startedAtMs >= finishSliceMs) return undefined
  }
  return sumPasses({ good, rejected }, [...known.values()])
}

async function countPass(
  { files }: CountDeps,
  { org, importId }: FileImport,
  done: readonly RangeResult[],
  good: number,
  pass = 0,
  passes = 1,
): Promise<Omit<PassCount, 'done' | 'pass'>> {
  const counter = new PassCounter(pass, passes, good)
  const withLooks = done.filter(({ rows, rejected }) => rows > rejected)
  await inLanes(withLooks, lanes, async ({ number }) =>
    counter.add(await readWhole(files, workKey(org, importId, 'look', number))),
  )
  return counter.count()
}

/** A small object of ours. @throws VersionMissing */
export async function readWhole(files: Pick<Files, 'read'>, key: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of files.read({ key })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
