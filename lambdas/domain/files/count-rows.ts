// Exact counts of a file whatever was tried again. Before a range is written, each of its rows is looked up, and what was seen
// is kept: eight bytes a row. The counts are computed from these looks when all ranges are loaded, so no count is ever added up
// beside the work.
//
// The first look of all at an id comes before this import wrote anything under it: whoever wrote had looked before. So an id
// that any look missed is new, and every further row of the file under that id is a duplicate, in whatever order ranges ran.
import { hash } from 'node:crypto'
import type { FileCounts, PassCount } from '../../../contract/import.ts'
import { looksPerPass } from '../../../contract/limits.ts'
import type { ReadEvent } from '../events/read-custom-event.ts'

/** What stood under a row's id: nothing, other content, or the same. In the order in which one beats the other. */
export const looks = ['none', 'other', 'same'] as const
export type Look = (typeof looks)[number]

export const bytesPerLook = 8

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

/** How many passes a file needs; each id falls to one of them. */
export function passesFor(goodRows: number): number {
  return Math.max(1, Math.ceil(goodRows / looksPerPass))
}

/**
 * The counts of a file from all passes over its looks.
 * Two different ids are taken for one with a chance of 1 in 10,000 in a file of 30 million rows.
 */
export function sumPasses(
  rows: { readonly good: number; readonly rejected: number },
  passes: readonly Pick<PassCount, Look>[],
): FileCounts {
  const sum = (look: Look) => passes.reduce((total, pass) => total + pass[look], 0)
  const counts = { accepted: sum('none'), changed: sum('other'), unchanged: sum('same') }
  const distinct = counts.accepted + counts.changed + counts.unchanged
  return { rows: rows.good + rows.rejected, ...counts, duplicate: rows.good - distinct, rejected: rows.rejected }
}
