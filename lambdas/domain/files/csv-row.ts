// The grammar of one CSV row (RFC 4180, LF or CRLF): where it ends, and which fields it has. A quote counts only where a field
// begins; elsewhere it is a character like others, as in `5" pipe`.

/** The row's end is not in the text yet. */
export const more = -1
/** A quoted field is not closed, or is followed by something other than a comma or a line end. */
export const unclosed = -2
/** The row goes on beyond what a row may have. */
export const tooLong = -3

const quote = 34
const comma = 44
const lineFeed = 10
const carriageReturn = 13

/** Where the line end of the row that begins at `from` stands (the text's length when it ends the file), or one of the above. */
export function endOfCsvRow(text: string, from: number, final: boolean, maxBytes: number): number {
  const limit = from + maxBytes
  const { length } = text
  const unended = final ? length : more
  let feed = -2
  for (let at = from; ; ) {
    if (at > limit) return tooLong
    if (text.charCodeAt(at) === quote) {
      const close = closingQuote(text, at, final)
      if (close > limit || (close < 0 && length > limit)) return unclosed
      if (close < 0) return close
      at = close + 1
      if (at >= length) return unended
      const after = text.charCodeAt(at)
      if (after === lineFeed) return at
      if (after === carriageReturn && at + 1 >= length && !final) return more
      if (after === carriageReturn && text.charCodeAt(at + 1) === lineFeed) return at + 1
      if (after !== comma) return unclosed
      at++
    } else {
      if (feed !== -1 && feed < at) feed = text.indexOf('\n', at)
      const next = text.indexOf(',', at)
      if (next === -1 || (feed !== -1 && feed < next)) {
        const end = feed === -1 ? unended : feed
        return (end === more ? length : end) > limit ? tooLong : end
      }
      at = next + 1
    }
  }
}

/** Where the quoted field that opens at `open` closes; doubled quotes are characters of it. */
function closingQuote(text: string, open: number, final: boolean): number {
  for (let from = open + 1; ; ) {
    const at = text.indexOf('"', from)
    if (at === -1) return final ? unclosed : more
    if (at + 1 >= text.length) return final ? at : more
    if (text.charCodeAt(at + 1) !== quote) return at
    from = at + 2
  }
}

/** The fields of a row that ends well (of another the fields are a guess, but it ends), between `start` and `end` (its line end left out). */
export function splitCsvRow(text: string, start: number, end: number): string[] {
  const fields: string[] = []
  let at = start
  for (;;) {
    if (text.charCodeAt(at) === quote && at < end) {
      const found = closingQuote(text, at, true)
      const close = found < 0 ? end : found
      const inner = text.slice(at + 1, close)
      fields.push(inner.includes('"') ? inner.replaceAll('""', '"') : inner)
      at = close + 1
    } else {
      const next = text.indexOf(',', at)
      const stop = next === -1 || next > end ? end : next
      fields.push(text.slice(at, stop))
      at = stop
    }
    if (at >= end) return fields
    at++
  }
}
