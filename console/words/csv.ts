// Tables as CSV files for spreadsheets. Cells that a spreadsheet would take for a formula are made plain text: copy and event
// names come from outside.

export type Cell = string | number | null

/** RFC 4180: CRLF, quotes doubled. A text that begins like a formula and is no number gets an
 * apostrophe, as OWASP advises. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('')
}

function toCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  if (/^-?\d+(\.\d+)?$/.test(cell)) return cell
  const plain = /^\s*[=+\-@\t\r\n|%]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n']|^\s|\s$/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
