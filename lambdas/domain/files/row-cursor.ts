// Walks over the rows of a text file that arrives in pieces. Works on byte text: a string whose characters are the file's
// bytes (latin1), so that positions are byte offsets and quotes, commas and line ends are what they are in UTF-8.
//
// The rules, for planning and for loading alike: a row ends with its line; in CSV a line end inside a quoted field does not
// end it. A row whose quotes do not close, or that is too long, is bad and ends with its first line: the next line is read as
// a row again, so that one stray quote never swallows the file.
import { maxRowBytes } from '../../../contract/limits.ts'
import { endOfCsvRow, more, unclosed } from './csv-row.ts'

export type TextFormat = 'jsonl' | 'csv'
export type RowFault = 'row.quotes' | 'row.too_long'

const carriageReturn = 13
/** UTF-8's byte order mark, as byte text. */
const byteOrderMark = '\u00ef\u00bb\u00bf'
/** How much is kept of a row that is too long. */
const clippedBytes = 1_000

export class RowCursor {
  /** What was pushed and not walked over yet. */
  text = ''
  /** The row, without its line end: `text.slice(start, end)`, unless it is too long. */
  start = 0
  end = 0
  /** The row's first line, from 1 at the first byte pushed. */
  line = 1
  fault: RowFault | undefined
  readonly #csv: boolean
  #next = 0
  #nextLine = 1
  /** Where in the file `text` begins. */
  #textOffset = 0
  #final = false
  /** The beginning of a row that is too long, and whether its end is still to come. */
  #clipped = ''
  #skipping = false
  /** Where the next quote stands; looked for again once it is behind. */
  #quote = -1

  constructor(format: TextFormat) {
    this.#csv = format === 'csv'
  }

  /** Bytes of the file up to the end of the row, its line end included. */
  get offset(): number {
    return this.#textOffset + this.#next
  }

  /** Where in `text` the next row begins. */
  get position(): number {
    return this.#next
  }

  /** Lines walked over. */
  get lines(): number {
    return this.#nextLine - 1
  }

  /** The row as it stands in the file; its beginning when it is too long. */
  get words(): string {
    return this.fault === 'row.too_long' ? this.#clipped : this.text.slice(this.start, this.end)
  }

  /** More of the file. `final`: there is no more; a last line needs no line end. */
  push(bytes: string, final: boolean): void {
    this.#textOffset += this.#next
    this.text = this.#next === this.text.length ? bytes : this.text.slice(this.#next) + bytes
    this.#next = 0
    this.#quote = -1
    this.#final = final
  }

  /** Skips the mark that a file may begin with. To be called before the first row, once three bytes or all were pushed. */
  skipByteOrderMark(): void {
    if (this.text.startsWith(byteOrderMark)) this.#next = byteOrderMark.length
  }

  /** Moves to the next row, bad ones and blank ones included; false: more must be pushed, or all is walked over. */
  next(): boolean {
    const { text } = this
    const from = this.#next
    if (this.#skipping) return this.#skipOn()
    if (from >= text.length) return false
    const feed = text.indexOf('\n', from)
    if (this.#csv && this.#quoteFrom(from) < (feed === -1 ? text.length : feed)) return this.#nextQuoted(from, feed)
    if (feed === -1) return this.#unended(from)
    return feed - from > maxRowBytes ? this.#bad('row.too_long', from, feed) : this.#take(from, feed, 1)
  }

  /** A row that has quotes before its first line end. */
  #nextQuoted(from: number, feed: number): boolean {
    const { text } = this
    const end = endOfCsvRow(text, from, this.#final, maxRowBytes)
    if (end >= 0) return this.#take(from, end, end === feed || feed === -1 ? 1 : linesIn(text, from, end) + 1)
    if (end === more) return false
    if (feed === -1) return this.#unended(from, end === unclosed ? 'row.quotes' : undefined)
    return this.#bad(end === unclosed && feed - from <= maxRowBytes ? 'row.quotes' : 'row.too_long', from, feed)
  }

  /** No line end is in sight. */
  #unended(from: number, fault?: RowFault): boolean {
    const { text } = this
    if (text.length - from > maxRowBytes) {
      this.#clipped = text.slice(from, from + clippedBytes)
      this.#skipping = true
      return this.#skipOn()
    }
    if (!this.#final) return false
    return fault === undefined ? this.#take(from, text.length, 1) : this.#bad(fault, from, text.length)
  }

  /** Drops what was pushed until the line ends. */
  #skipOn(): boolean {
    const feed = this.text.indexOf('\n', this.#next)
    if (feed === -1 && !this.#final) {
      this.#next = this.text.length
      return false
    }
    this.#skipping = false
    this.#take(this.#next, feed === -1 ? this.text.length : feed, 1)
    this.fault = 'row.too_long'
    return true
  }

  #bad(fault: RowFault, from: number, feed: number): boolean {
    this.#take(from, feed, 1)
    this.fault = fault
    if (fault === 'row.too_long') this.#clipped = this.text.slice(from, from + clippedBytes)
    return true
  }

  /** `feed`: where the line end stands, or the end of the text. */
  #take(from: number, feed: number, lines: number): boolean {
    const { text } = this
    this.start = from
    this.end = feed > from && text.charCodeAt(feed - 1) === carriageReturn ? feed - 1 : feed
    this.line = this.#nextLine
    this.fault = undefined
    this.#nextLine += lines
    this.#next = feed < text.length ? feed + 1 : feed
    return true
  }

  #quoteFrom(from: number): number {
    if (this.#quote < from) {
      const found = this.text.indexOf('"', from)
      this.#quote = found === -1 ? Number.POSITIVE_INFINITY : found
    }
    return this.#quote
  }
}

function linesIn(text: string, from: number, end: number): number {
  let lines = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
