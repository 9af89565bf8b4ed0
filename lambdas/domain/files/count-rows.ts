// Exact counts of a file whatever was tried again. Before a range is written, each of its rows is looked up, and what was seen
// is kept: eight bytes a row. The counts are computed from these looks when all ranges are loaded, so no count is ever added up
// beside the work.
//
// The first look of all at an id comes before this import wrote anything under it: whoever wrote had looked before. So an id
// that any look missed is new, and every further row of the file under that id is a duplicate, in whatever order ranges ran.
import { hash } from 'node:crypto'
import type { FileCounts } from '../../../contract/import.ts'
import type { ReadEvent } from '../read-custom-event.ts'

/** What stood under a row's id: nothing, other content, or the same. In the order in which one beats the other. */
export const looks = ['none', 'other', 'same'] as const
export type Look = (typeof looks)[number]

export const bytesPerLook = 8
/** Rows whose looks are sorted at once: 32 MB. */
const rowsPerPass = 4_000_000
const lookBits = 2n

/** Two rows with the same name are the same event, or two contents of one. */
export function nameEvent({ event, named }: ReadEvent): string {
  return `${named ? 'id' : 'of'}#${event.eventId}`
}

/** The looks at the rows of a range: of each a digest of its name, the last two bits saying what was seen. */
export function packLooks(rows: readonly { readonly name: string; readonly look: Look }[]): Buffer {
  const packed = Buffer.alloc(rows.length * bytesPerLook)
  for (const [at, { name, look }] of rows.entries()) {
    const from = at * bytesPerLook
    hash('sha256', name, 'buffer').copy(packed, from, 0, bytesPerLook)
    const last = from + bytesPerLook - 1
    packed.writeUInt8((packed.readUInt8(last) & 0b1111_1100) | looks.indexOf(look), last)
  }
  return packed
}

/**
 * Counts the rows of all ranges. `readLooks` gives every range's looks, and is called again for each pass over a large file.
 * Two different ids are taken for one with a chance of 1 in 10,000 in a file of 30 million rows.
 */
export async function countRows(
  rows: { readonly good: number; readonly rejected: number },
  readLooks: () => AsyncIterable<Uint8Array>,
): Promise<FileCounts> {
  const passes = Math.max(1, Math.ceil(rows.good / rowsPerPass))
  const first = { none: 0, other: 0, same: 0 }
  let distinct = 0
  for (let pass = 0; pass < passes; pass++) {
    for (const look of firstLooks(await gather(readLooks(), passes, pass))) {
      first[look]++
      distinct++
    }
  }
  const counts = { accepted: first.none, changed: first.other, unchanged: first.same }
  return { rows: rows.good + rows.rejected, ...counts, duplicate: rows.good - distinct, rejected: rows.rejected }
}

/** The looks whose names fall to this pass, sorted: by name, and by what was seen. */
async function gather(ranges: AsyncIterable<Uint8Array>, passes: number, pass: number): Promise<BigUint64Array> {
  const found: BigUint64Array[] = []
  for await (const bytes of ranges) {
    const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const mine = new BigUint64Array(packed.length / bytesPerLook)
    let count = 0
    for (let at = 0; at + bytesPerLook <= packed.length; at += bytesPerLook) {
      if (packed.readUInt16BE(at) % passes === pass) mine[count++] = packed.readBigUInt64BE(at)
    }
    found.push(mine.slice(0, count))
  }
  const all = new BigUint64Array(found.reduce((sum, mine) => sum + mine.length, 0))
  let at = 0
  for (const mine of found) {
    all.set(mine, at)
    at += mine.length
  }
  return all.sort()
}

function* firstLooks(sorted: BigUint64Array): Generator<Look> {
  let last: bigint | undefined
  for (const packed of sorted) {
    const name = packed >> lookBits
    if (name === last) continue
    last = name
    yield looks[Number(packed & 0b11n)] ?? 'none'
  }
}
