// Tables as CSV files for spreadsheets. Cells that a spreadsheet would take for a formula are made plain text: copy and event
// names come from outside.

export type Cell = string | number | null

/** RFC 4180: CRLF, quotes doubled. A text that begins like a formula and is no number gets an
 * apostrophe, as OWASP advises. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('')
}

/** How a text begins that a spreadsheet takes for a formula. */
const formula = /^\s*[=+\-@\t\r\n|%]/
/** One field of CSV, quoted or not, and what ends it. */
const field = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|\r|$)/g

/**
 * CSV that comes from outside, with an apostrophe before every cell that a spreadsheet would run; all else as it is. Numbers
 * with a sign stay: telephone numbers are ids.
 */
export function withoutFormulas(csv: string): string {
  return csv.replaceAll(field, (whole, cell: string, end: string) => {
    const isQuoted = cell.startsWith('"')
    const text = isQuoted ? cell.slice(1) : cell
    if (!formula.test(text) || /^[+-]?\d+(\.\d+)?"?$/.test(text)) return whole
    return `${isQuoted ? '"' : ''}'${text}${end}`
  })
}

function toCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  if (/^-?\d+(\.\d+)?$/.test(cell)) return cell
  const plain = formula.test(cell) ? `'${cell}` : cell
  return /[",\r\n']|^\s|\s$/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
