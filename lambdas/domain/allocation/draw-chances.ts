// With which chance each copy was drawn under each version of the weights: what weighing by chances and checking the split need.
import type { StoredAllocation } from '../../../contract/allocation.ts'
import type { CellChange } from '../../../contract/result-cell.ts'

/** Chance of a copy among the treatment copies, above 0. */
export type ChanceOf = (stratum: string, copyId: string) => number

/** The least and the greatest stored version that these rows were drawn by; undefined when only the uniform one. */
export function versionsSeen(rows: readonly CellChange[]): { readonly from: number; readonly to: number } | undefined {
  let from = Number.POSITIVE_INFINITY
  let to = 0
  for (const { cell } of rows) {
    const version = /^v[1-9]/.test(cell.stratum) ? Number(cell.stratum.slice(1)) : 0
    if (version === 0) continue
    from = Math.min(from, version)
    to = Math.max(to, version)
  }
  return to === 0 ? undefined : { from, to }
}

/**
 * The weights of a version that is stored. Of the others (the uniform one above all) alike among the copies that it drew. A copy
 * with conditions is drawn from fewer than all, so of such templates these chances are near enough and no more.
 */
export function drawChances(rows: readonly CellChange[], allocations: readonly StoredAllocation[]): ChanceOf {
  const stored = new Map(
    allocations.map(({ version, weights }) => [
      `v${version}`,
      new Map<string, number>(weights.map(({ copyId, weight }) => [copyId, weight])),
    ]),
  )
  const drawn = new Map<string, Set<string>>()
  for (const { cell } of rows) {
    if (cell.group !== 'treatment' || cell.name === '') continue
    const copies = drawn.get(cell.stratum) ?? new Set()
    drawn.set(cell.stratum, copies.add(cell.name))
  }
  return (stratum, copyId) => {
    const weight = stored.get(stratum)?.get(copyId) ?? 0
    return weight > 0 ? weight : 1 / (drawn.get(stratum)?.size ?? 1)
  }
}
