// The rejected rows of all ranges of a file, in order, beside it.
import type { FileImport, RangeResult } from '../../contract/import.ts'
import { nameFile, rejectedKey, workKey } from '../domain/files/name-file.ts'
import { csvRejectionHeader } from '../domain/files/row-fault.ts'
import { readWhole } from './count-import.ts'
import type { Files } from './file-deps.ts'

/** Each is a few megabytes at most. */
const readAhead = 12

/**
 * @returns its key, or null when there are none; then none stands there either, also when an earlier version had some
 * @throws VersionMissing when rows that were kept are gone
 */
export async function writeRejected(
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
  const keys = withRejected.map(({ number }) => workKey(of.org, of.importId, 'rejected', number))
  async function* pieces() {
    if (name.kind === 'file' && name.format === 'csv') yield Buffer.from(csvRejectionHeader(of.header ?? ''), 'latin1')
    yield* inOrder(keys, (each) => readWhole(files, each))
  }
  await files.putStream(key, pieces())
  return key
}

/** Reads several at once and gives them in order. */
async function* inOrder<T>(keys: readonly string[], read: (key: string) => Promise<T>): AsyncGenerator<T> {
  const reading: Promise<T>[] = []
  for (const key of keys) {
    const next = read(key)
    // Awaited below, in its turn.
    next.catch(() => undefined)
    reading.push(next)
    if (reading.length < readAhead) continue
    const first = reading.shift()
    if (first !== undefined) yield await first
  }
  for (const each of reading) yield await each
}
