// Cuts a text file into ranges that begin and end with rows, in one pass over pieces of it: the header first, then about
// `rangeBytes` each. The same file gives the same ranges, whatever pieces it comes in.
import type { FileRange } from '../../../contract/import.ts'
import { RowCursor, type TextFormat } from './row-cursor.ts'

/** Bytes that must be there before a byte order mark can be told from text. */
const markBytes = 3

export class RangeCutter {
  /** What is cut so far; all of it once the last piece was pushed. */
  readonly ranges: FileRange[] = []
  /** A CSV file's first row, as byte text; undefined while there is none. */
  header: string | undefined
  readonly #cursor: RowCursor
  readonly #rangeBytes: number
  #wantsHeader: boolean
  #held = ''
  #begun = false
  #start = 0
  #line = 1
  /** Rows since the last cut, blank ones left out. */
  #rows = 0

  constructor(format: TextFormat, rangeBytes: number) {
    this.#cursor = new RowCursor(format)
    this.#rangeBytes = rangeBytes
    this.#wantsHeader = format === 'csv'
  }

  /** The next bytes of the file, as byte text. */
  push(bytes: string, final: boolean): void {
    const cursor = this.#cursor
    const pushed = this.#begun ? bytes : this.#held + bytes
    if (!this.#begun && pushed.length < markBytes && !final) {
      this.#held = pushed
      return
    }
    cursor.push(pushed, final)
    if (!this.#begun) cursor.skipByteOrderMark()
    if (!this.#begun) this.#start = cursor.offset
    this.#begun = true
    while (cursor.next()) {
      if (cursor.start < cursor.end) this.#addRow()
      if (cursor.offset - this.#start >= this.#rangeBytes) this.#cut()
    }
    if (final) this.#cut()
  }

  #addRow(): void {
    const cursor = this.#cursor
    if (!this.#wantsHeader) {
      this.#rows++
      return
    }
    this.#wantsHeader = false
    this.header = cursor.words
    this.#start = cursor.offset
    this.#line = cursor.lines + 1
  }

  #cut(): void {
    const { offset, lines } = this.#cursor
    if (this.#rows > 0) {
      this.ranges.push({ number: this.ranges.length, start: this.#start, end: offset, line: this.#line })
    }
    this.#start = offset
    this.#line = lines + 1
    this.#rows = 0
  }
}
