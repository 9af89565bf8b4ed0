// Rejected rows of a file without those of one person. A row is kept as it stands, byte for byte.
import type { PersonKey } from '../../../contract/ids.ts'
import { mentions, nameOf } from '../measuring/erase.ts'
import { splitCsvRow } from './csv-row.ts'
import { RowCursor, type TextFormat } from './row-cursor.ts'

export interface RowsLeft {
  /** Byte text. */
  readonly text: string
  /** How many rows were left out. */
  readonly left: number
}

/** @param text byte text @param withHeader the first row is a header and stays */
export function leaveOutRows(
  text: string,
  format: TextFormat,
  withHeader: boolean,
  persons: readonly PersonKey[],
): RowsLeft {
  const names = new Set(persons.flatMap((person) => nameOf(person) ?? []))
  const cursor = new RowCursor(format)
  cursor.push(text, true)
  const kept: string[] = []
  let left = 0
  for (let row = 0, from = 0; cursor.next(); row++, from = cursor.position) {
    const words = text.slice(from, cursor.position)
    const isHeader = withHeader && row === 0
    if (!isHeader && isOf(words, format, names, persons)) left++
    else kept.push(words)
  }
  return { text: kept.join(''), left }
}

function isOf(words: string, format: TextFormat, names: ReadonlySet<string>, persons: readonly PersonKey[]): boolean {
  const readable = Buffer.from(words, 'latin1').toString('utf8')
  if (mentions(readable, persons)) return true
  const row = readable.replace(/\r?\n$/, '')
  return format === 'csv' && splitCsvRow(row, 0, row.length).some((field) => names.has(field.trim().toLowerCase()))
}
