// Reads a file once and says which ranges it is loaded in. Text is cut where it lies; gzip is unpacked into parts of whole rows,
// so that a large one is loaded by many as well; of Parquet only the footer is read.
import { constants, createGunzip } from 'node:zlib'
import type { FileImport, FileProblem, FileRange } from '../../contract/import.ts'
import { fileRangeBytes, harmlessInflationBytes, maxFileBytes, maxInflation } from '../../contract/limits.ts'
import { splitCsvRow } from '../domain/files/csv-row.ts'
import { type Part, PartCutter } from '../domain/files/cut-parts.ts'
import { RangeCutter } from '../domain/files/cut-ranges.ts'
import { type FileName, workKey } from '../domain/files/name-file.ts'
import { type FileColumns, readColumns } from '../domain/files/read-columns.ts'
import { decode } from '../domain/files/read-text-rows.ts'
import { RowCursor } from '../domain/files/row-cursor.ts'
import type { Files } from './file-deps.ts'
import { asyncBufferOf } from './parquet-file.ts'

export interface FilePlan {
  readonly ranges: readonly FileRange[]
  readonly header?: string
  readonly columns?: readonly string[]
  readonly unknown?: readonly string[]
  readonly problems: readonly FileProblem[]
}

/** Bytes that are looked through at once. */
const pieceBytes = 1_048_576
const partsAtOnce = 4

/** @throws VersionMissing, and what the bucket throws */
export async function cutFile(
  files: Pick<Files, 'read' | 'put'>,
  of: FileImport,
  { format, gzip }: FileName,
  own: FileColumns | undefined,
): Promise<FilePlan> {
  if (of.sizeBytes === 0) return failed('file.empty', 'file: seen 0 bytes; allowed at least one row')
  if (of.sizeBytes > maxFileBytes) {
    return failed('file.too_large', `file: seen ${of.sizeBytes} bytes; allowed ${maxFileBytes}`)
  }
  if (format === 'parquet') {
    const { planParquet } = await import('../domain/files/read-parquet.ts')
    const plan = await planParquet(asyncBufferOf(files, of), own)
    return plan.ok ? withRows({ ...plan, problems: [] }) : { ranges: [], problems: [plan.problem] }
  }
  const cut = gzip ? await unpack(files, of, format) : await cutText(files, of, format)
  if (format === 'jsonl' || cut.header === undefined) return withRows(cut)
  if (!isRow(cut.header)) {
    return failed(
      'file.header',
      'row 1: seen quotes that do not close where a field ends; allowed a row of column names',
    )
  }
  const header = decode(cut.header)
  const reading = readColumns(header === undefined ? [] : splitCsvRow(header, 0, header.length), own)
  if (!reading.ok) return { ranges: [], problems: [{ code: reading.code, message: reading.message }, ...cut.problems] }
  return withRows({ ...cut, columns: reading.columns, unknown: reading.unknown })
}

/** Whether the first row of a CSV file, as byte text, can be taken apart. */
function isRow(header: string): boolean {
  const cursor = new RowCursor('csv')
  cursor.push(header, true)
  return cursor.next() && cursor.fault === undefined
}

function failed(code: FileProblem['code'], message: string): FilePlan {
  return { ranges: [], problems: [{ code, message }] }
}

function withRows(plan: FilePlan): FilePlan {
  if (plan.ranges.length > 0 || plan.problems.length > 0) return plan
  return { ...plan, problems: [{ code: 'file.no_rows', message: 'file: seen no row of data; allowed at least one' }] }
}

async function cutText(files: Pick<Files, 'read'>, of: FileImport, format: TextFormat): Promise<FilePlan> {
  const cutter = new RangeCutter(format, fileRangeBytes)
  for await (const piece of inPieces(files.read(of))) cutter.push(piece, false)
  cutter.push('', true)
  const { ranges, header } = cutter
  return { ranges, problems: [], ...(header !== undefined && { header }) }
}

type TextFormat = ConstructorParameters<typeof RowCursor>[0]

/** Byte text in pieces that are worth a look. */
async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: string[] = []
  let heldBytes = 0
  for await (const chunk of chunks) {
    held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1'))
    heldBytes += chunk.byteLength
    if (heldBytes < pieceBytes) continue
    yield held.join('')
    held = []
    heldBytes = 0
  }
  if (heldBytes > 0) yield held.join('')
}

async function unpack(files: Pick<Files, 'read' | 'put'>, of: FileImport, format: TextFormat): Promise<FilePlan> {
  const ranges: FileRange[] = []
  const writing = new Set<Promise<void>>()
  const keep = ({ text, line }: Part) => {
    const number = ranges.length
    const part = workKey(of.org, of.importId, 'part', number)
    ranges.push({ number, part, start: 0, end: text.length, line })
    const written = files.put(part, Buffer.from(text, 'latin1'), 'application/octet-stream')
    writing.add(written)
    written.then(
      () => writing.delete(written),
      () => undefined,
    )
  }
  const cutter = new PartCutter(format, fileRangeBytes, keep)
  const problem = await inflate(files.read(of), of.sizeBytes, async (bytes) => {
    cutter.push(bytes, false)
    while (writing.size >= partsAtOnce) await Promise.race(writing)
  })
  // The last row of a file that breaks off is half a row.
  if (problem === undefined) cutter.push('', true)
  else cutter.flush()
  await Promise.all(writing)
  if (problem?.code === 'file.gzip_bomb') return { ranges: [], problems: [problem] }
  const { header } = cutter
  return { ranges, problems: problem === undefined ? [] : [problem], ...(header !== undefined && { header }) }
}

/** Unpacks gzip piece by piece; answers what stopped it before its end. */
async function inflate(
  chunks: AsyncIterable<Uint8Array>,
  packedBytes: number,
  take: (bytes: string) => Promise<void>,
): Promise<FileProblem | undefined> {
  const gunzip = createGunzip({ chunkSize: pieceBytes, finishFlush: constants.Z_FINISH })
  const allowedBytes = Math.min(maxFileBytes, Math.max(harmlessInflationBytes, packedBytes * maxInflation))
  let out: Buffer[] = []
  let outBytes = 0
  let fault: NodeJS.ErrnoException | undefined
  const ended = new Promise<void>((resolve) => {
    gunzip.on('data', (bytes: Buffer) => out.push(bytes))
    gunzip.once('end', () => resolve())
    gunzip.once('error', (error) => {
      fault = error
      resolve()
    })
  })
  const drain = async (): Promise<FileProblem | undefined> => {
    const taken = out
    out = []
    for (const bytes of taken) {
      outBytes += bytes.byteLength
      if (outBytes > allowedBytes) {
        const message = `file: seen more than ${allowedBytes} bytes in ${packedBytes} of gzip; allowed no more`
        return { code: 'file.gzip_bomb', message }
      }
      await take(bytes.toString('latin1'))
    }
    return undefined
  }
  for await (const chunk of chunks) {
    await Promise.race([new Promise<void>((resolve) => gunzip.write(chunk, () => resolve())), ended])
    const bomb = await drain()
    if (bomb !== undefined) {
      gunzip.destroy()
      return bomb
    }
    if (fault !== undefined) break
  }
  gunzip.end()
  await ended
  const bomb = await drain()
  gunzip.destroy()
  if (bomb !== undefined || fault === undefined) return bomb
  return fault.code === 'Z_BUF_ERROR'
    ? {
        code: 'file.gzip_truncated',
        message: `file: seen gzip that ends in the middle, after ${outBytes} bytes unpacked`,
      }
    : { code: 'file.gzip', message: `file: seen bytes that are not gzip, after ${outBytes} bytes unpacked` }
}
