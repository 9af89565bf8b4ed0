// The inverse of a small symmetric matrix.

/** By Gauss and Jordan with pivots. Undefined when the matrix has none, to twelve digits. */
export function invertMatrix(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length
  const rows = matrix.map((row, at) => [...row, ...row.map((_, column) => (column === at ? 1 : 0))])
  const scale = Math.max(...matrix.flatMap((row) => row.map(Math.abs)))
  for (let column = 0; column < size; column++) {
    const height = (row: number) => Math.abs(rows[row]?.[column] ?? 0)
    let best = column
    for (let row = column + 1; row < size; row++) if (height(row) > height(best)) best = row
    const pivotRow = rows[best]
    const pivot = pivotRow?.[column] ?? 0
    if (pivotRow === undefined || !(Math.abs(pivot) > 1e-12 * scale)) return undefined
    rows[best] = rows[column] ?? []
    const scaled = pivotRow.map((value) => value / pivot)
    rows[column] = scaled
    for (const [at, row] of rows.entries()) {
      const factor = row[column] ?? 0
      if (at === column || factor === 0) continue
      rows[at] = row.map((value, place) => value - factor * (scaled[place] ?? 0))
    }
  }
  return rows.map((row) => row.slice(size))
}
