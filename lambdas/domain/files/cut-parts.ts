// Cuts text that was unpacked on the way into parts of whole rows, each to be kept and loaded by itself. Holds one part and one
// row: of a row that is too long only the beginning, filled up so that whoever loads the part finds it too long as well.
import { maxRowBytes } from '../../../contract/limits.ts'
import { RowCursor, type TextFormat } from './row-cursor.ts'

export interface Part {
  /** Byte text. */
  readonly text: string
  /** Line of its first row in the unpacked file. */
  readonly line: number
}

export class PartCutter {
  /** A CSV file's first row, as byte text; undefined while there is none. */
  header: string | undefined
  readonly #cursor: RowCursor
  readonly #partBytes: number
  readonly #give: (part: Part) => void
  #wantsHeader: boolean
  #held: string | undefined = ''
  #pieces: string[] = []
  #bytes = 0
  #line = 1
  #rows = 0

  constructor(format: TextFormat, partBytes: number, give: (part: Part) => void) {
    this.#cursor = new RowCursor(format)
    this.#partBytes = partBytes
    this.#give = give
    this.#wantsHeader = format === 'csv'
  }

  /** The next bytes, as byte text. `final`: the last ones, which end well. */
  push(bytes: string, final: boolean): void {
    const cursor = this.#cursor
    const first = this.#held
    if (first !== undefined && first.length + bytes.length < 3 && !final) {
      this.#held = first + bytes
      return
    }
    cursor.push((first ?? '') + bytes, final)
    if (first !== undefined) cursor.skipByteOrderMark()
    this.#held = undefined
    let from = cursor.position
    let to = from
    while (cursor.next()) {
      if (cursor.fault === 'row.too_long') {
        this.#add(cursor.text.slice(from, Math.max(from, Math.min(to, cursor.start))))
        this.#add(`${cursor.words}${' '.repeat(maxRowBytes)}\n`)
        from = cursor.position
      }
      to = cursor.position
      if (this.#wantsHeader && cursor.start < cursor.end) {
        this.header = cursor.words
        this.#wantsHeader = false
        this.#restart()
        from = to
        continue
      }
      if (cursor.start < cursor.end) this.#rows++
      if (this.#bytes + to - from < this.#partBytes) continue
      this.#add(cursor.text.slice(from, to))
      from = to
      this.flush()
    }
    this.#add(cursor.text.slice(from, to))
    if (final) this.flush()
  }

  /** Gives what is gathered. Without a final push the row that has not ended is lost: a file that breaks off. */
  flush(): void {
    if (this.#rows > 0) this.#give({ text: this.#pieces.join(''), line: this.#line })
    this.#restart()
  }

  #restart(): void {
    this.#pieces = []
    this.#bytes = 0
    this.#rows = 0
    this.#line = this.#cursor.lines + 1
  }

  #add(text: string): void {
    if (text !== '') this.#pieces.push(text)
    this.#bytes += text.length
  }
}
