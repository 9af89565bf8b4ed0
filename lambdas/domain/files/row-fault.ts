// A row of a file that is no event: why, and how it is given back, in its own words with its line and every reason, so that
// the file of rejected rows can be mended and dropped again.
import { maxRowBytes } from '../../../contract/limits.ts'
import type { RowFault } from './row-cursor.ts'

export interface RowReason {
  readonly code: string
  readonly message: string
}

export interface RejectedRow {
  /** Its first line in the file, or its number in Parquet, from 1. */
  readonly line: number
  /** As byte text. */
  readonly words: string
  readonly reasons: readonly RowReason[]
}

/** Members and columns that we add to rejected rows, and leave out when such a file is read. */
export const lineMember = 'rejected_line'
export const reasonsMember = 'rejected_reasons'
/** Holds a row that could not take the other two because it is no JSON object. */
export const wordsMember = 'rejected_row'

export function isAddedMember(name: string): boolean {
  return name === lineMember || name === reasonsMember || name === wordsMember
}

/** What is said of rows that the cursor found bad. */
export const cursorReasons: Readonly<Record<RowFault, RowReason>> = {
  'row.quotes': {
    code: 'row.quotes',
    message: 'row: seen a quoted field that does not close; allowed a closing quote before a comma or the line end',
  },
  'row.too_long': {
    code: 'row.too_long',
    message: `row: seen more than ${maxRowBytes} bytes, its beginning is kept; allowed ${maxRowBytes} bytes`,
  },
}

export const notUtf8: RowReason = { code: 'row.not_utf8', message: 'row: seen bytes that are not UTF-8; allowed UTF-8' }
export const notJson: RowReason = {
  code: 'row.not_json',
  message: 'row: seen text that is not JSON; allowed one object',
}

/** Of a row at which the reader itself gave up: it is that row alone that is rejected, not its range. */
export const notReadable: RowReason = {
  code: 'row.unreadable',
  message: 'row: seen one that the reader gave up at; allowed members as the documentation of files has them',
}

/** Of Parquet, whose rows have no words of their own. */
export const notDecodable: RowReason = {
  code: 'row.parquet',
  message: 'row: seen a page of its part of the file that cannot be decoded; allowed pages of the Parquet format',
}

export function wrongWidth(seen: number, allowed: number): RowReason {
  return { code: 'row.columns', message: `row: seen ${seen} columns; allowed ${allowed}, as the header has` }
}

/** A CSV line: ours go before the row's own columns, which may be too few or too many. Byte text, with its line end. */
export function csvRejection({ line, words, reasons }: RejectedRow): string {
  const told = asBytes(reasons.map(({ code, message }) => `${code}: ${message}`).join('; '))
  return `${line},"${told.replaceAll('"', '""')}",${words}\n`
}

/** The header of a file of rejected CSV rows. `header`: that of the file, as byte text. */
export function csvRejectionHeader(header: string): string {
  return `${lineMember},${reasonsMember},${header}\n`
}

/** A JSON line: ours become the first members of the row's own object. Byte text, with its line end. */
export function jsonRejection({ line, words, reasons }: RejectedRow): string {
  const told = reasons.map(({ code, message }) => `${code}: ${message}`)
  const ours = asBytes(JSON.stringify({ [lineMember]: line, [reasonsMember]: told })).slice(0, -1)
  const own = ownMembers(words)
  if (own === undefined) return `${ours},"${wordsMember}":${asBytes(JSON.stringify(readable(words)))}}\n`
  return own.startsWith('}') ? `${ours}${own}\n` : `${ours},${own}\n`
}

/** What follows the opening brace of a JSON object. */
function ownMembers(words: string): string | undefined {
  try {
    const value: unknown = JSON.parse(readable(words))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? words.trim().slice(1).trimStart() : undefined
  } catch {
    return undefined
  }
}

function readable(words: string): string {
  return Buffer.from(words, 'latin1').toString('utf8')
}

function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}
