// Ways from the bytes of a file to events that are ready to be written: ours, and what a Node engineer would write with the
// libraries of the field, which end in the product's own reader of one row. Each answers how many events it made.
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { createGunzip, gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse'
import { defaultFileSource } from '../../contract/custom-event.ts'
import { orgSlugSchema } from '../../contract/ids.ts'
import { type RowContext, readCustomEvent } from '../../lambdas/domain/events/read-custom-event.ts'
import { makeRowReader } from '../../lambdas/domain/files/read-text-rows.ts'

const context: RowContext = {
  org: orgSlugSchema.parse('acme'),
  source: defaultFileSource,
  identifier: 'id',
  currency: 'USD',
  receivedAtMs: 1_795_000_000_000,
}
/** As large as what S3 hands over at once. */
const pieceBytes = 65_536

function piecesOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, at) =>
    bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes),
  )
}

/** `bytes` begin with the first row of data. */
export function readWithOurs(format: 'csv' | 'jsonl', columns: readonly string[], bytes: Buffer): number {
  let events = 0
  const reject = () => {
    throw new Error('the sample has a row that is rejected')
  }
  const push = makeRowReader({ format, columns, context }, 1, { event: () => events++, reject })
  for (const piece of piecesOf(bytes)) push(piece.toString('latin1'), false)
  push('', true)
  return events
}

export function withoutHeader(csv: Buffer): Buffer {
  return csv.subarray(csv.indexOf('\n') + 1)
}

export function unpackWithOurs(columns: readonly string[], gzip: Buffer): number {
  return readWithOurs('csv', columns, withoutHeader(gunzipSync(gzip)))
}

export async function readWithReadline(bytes: Buffer): Promise<number> {
  let events = 0
  for await (const line of createInterface({ input: Readable.from(piecesOf(bytes)) })) {
    if (readCustomEvent(JSON.parse(line), context).ok) events++
  }
  return events
}

export async function readWithCsvParse(input: Readable): Promise<number> {
  let events = 0
  for await (const row of input.pipe(parse({ columns: true }))) if (readCustomEvent(row, context).ok) events++
  return events
}

export function csvStream(csv: Buffer): Readable {
  return Readable.from(piecesOf(csv))
}

export function gzipStream(gzip: Buffer): Readable {
  return Readable.from(piecesOf(gzip)).pipe(createGunzip())
}
