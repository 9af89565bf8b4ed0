// The split of a template against what was meant, at each stage that all pass: arms by control's share, copies by their weights.
// Where conditions decide who may get what, no share is meant and nothing is checked; nor is what somebody changed on the way.
// Where a person keeps their arm, sends come in bunches: counts are shown, and break nothing.
import type { StoredAllocation } from '../../../contract/allocation.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import type { Template, Variant } from '../../../contract/template.ts'
import type { ChanceOf } from '../allocation/draw-chances.ts'
import {
  checkSampleRatios,
  type RatioCheck,
  type RatioStage,
  ratioStages,
  type StageCounts,
} from './check-sample-ratios.ts'

export interface SplitCheck extends RatioCheck {
  readonly between: 'arms' | 'copies'
  /** What each count is of: an arm, or a copy. */
  readonly labels: readonly string[]
}

type Split = Pick<Template, 'splitMode' | 'controlShare'>

/** Every check that can be made. */
export function checkSplit(
  rows: readonly CellChange[],
  split: Split,
  variants: readonly Pick<Variant, 'copyId' | 'status' | 'attrs'>[],
  chanceOf: ChanceOf,
  allocations: readonly StoredAllocation[] = [],
): SplitCheck[] {
  const compared = rows.filter(
    ({ cell: { group, stratum, event } }) =>
      event === undefined &&
      (group === 'treatment' || group === 'control') &&
      stratum !== 'forced' &&
      stratum !== 'fallback',
  )
  const conditional = variants.some(({ attrs }) => Object.keys(attrs).length > 0)
  const archived = new Set<string>(variants.filter(({ status }) => status === 'archived').map(({ copyId }) => copyId))
  const checks = [
    ...checkArms(withShare(compared, split.controlShare, allocations), split, conditional),
    ...(conditional ? [] : checkCopies(compared, archived, chanceOf)),
  ]
  // The p is of sends that are drawn one by one. How many persons are behind them is not stored.
  return split.splitMode === 'persistent' ? checks.map((check) => ({ ...check, broken: false })) : checks
}

/** Rows of the days on which no copy was drawn while control had another share than now. */
function withShare(rows: readonly CellChange[], controlShare: number, allocations: readonly StoredAllocation[]) {
  const others = new Set(
    allocations
      .filter((one) => (one.controlShare ?? controlShare) !== controlShare)
      .map(({ version }) => `v${version}`),
  )
  const days = new Set(rows.filter(({ cell }) => others.has(cell.stratum)).map(({ cell }) => cell.day))
  return rows.filter(({ cell }) => !days.has(cell.day))
}

/** Control under Customer.io's own split asks for no copy: its first stage is `sent`. */
function checkArms(
  rows: readonly CellChange[],
  { splitMode, controlShare }: Split,
  conditional: boolean,
): SplitCheck[] {
  const isExternal = splitMode === 'external'
  if (!(controlShare > 0 && controlShare < 1) || (conditional && !isExternal)) return []
  const countOf = (stage: RatioStage, arm: string) =>
    rows.reduce((sum, { cell, counts }) => sum + (cell.group === arm ? (counts[stage] ?? 0) : 0), 0)
  const labels = ['control', 'treatment']
  const stages = ratioStages
    .filter((stage) => stage !== 'served' || !isExternal)
    .map((stage): StageCounts => ({ stage, counts: labels.map((arm) => countOf(stage, arm)) }))
  return checkSampleRatios(stages, [controlShare, 1 - controlShare]).map((check) => ({
    ...check,
    between: 'arms',
    labels,
  }))
}

/**
 * `n_s p` summed over the versions: the shares move with the weights. A copy that is archived left its version before that
 * ended; the odds of the others among themselves stayed. Before the first version copies came as they were made.
 */
function checkCopies(rows: readonly CellChange[], archived: ReadonlySet<string>, chanceOf: ChanceOf): SplitCheck[] {
  const standing = rows.filter(({ cell }) => cell.group === 'treatment' && cell.name !== '' && !archived.has(cell.name))
  const learned = standing.filter(({ cell }) => cell.stratum !== 'v0')
  const drawn = learned.length > 0 ? learned : standing
  const labels = [...new Set(drawn.map(({ cell }) => cell.name))].toSorted()
  if (labels.length < 2) return []
  const versions = [...Map.groupBy(drawn, ({ cell }) => cell.stratum)].map(([stratum, own]) =>
    [...Map.groupBy(own, ({ cell }) => cell.name)].map(([copy, of]) => ({ copy, chance: chanceOf(stratum, copy), of })),
  )
  return ratioStages.flatMap((stage) => {
    const counts = new Map<string, number>()
    const expected = new Map<string, number>()
    for (const copies of versions) {
      const seen = copies.map(({ of }) => of.reduce((sum, row) => sum + (row.counts[stage] ?? 0), 0))
      const total = seen.reduce((sum, count) => sum + count, 0)
      const chances = copies.reduce((sum, { chance }) => sum + chance, 0)
      for (const [at, { copy, chance }] of copies.entries()) {
        counts.set(copy, (counts.get(copy) ?? 0) + (seen[at] ?? 0))
        expected.set(copy, (expected.get(copy) ?? 0) + (total * chance) / chances)
      }
    }
    const of = (sums: ReadonlyMap<string, number>) => labels.map((copy) => sums.get(copy) ?? 0)
    const checks = checkSampleRatios([{ stage, counts: of(counts) }], of(expected))
    return checks.map((check): SplitCheck => ({ ...check, between: 'copies', labels }))
  })
}
