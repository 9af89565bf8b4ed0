// The split of a template against what was meant, at each stage that all pass: arms by control's share, copies by their weights.
// Where conditions decide who may get what, no share is meant and nothing is checked.
import type { CellChange } from '../../contract/result-cell.ts'
import type { Template, Variant } from '../../contract/template.ts'
import {
  checkSampleRatios,
  type RatioCheck,
  type RatioStage,
  ratioStages,
  type StageCounts,
} from './check-sample-ratios.ts'
import type { ChanceOf } from './draw-chances.ts'

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
  variants: readonly Pick<Variant, 'attrs'>[],
  chanceOf: ChanceOf,
): SplitCheck[] {
  const compared = rows.filter(
    ({ cell: { group, stratum, event } }) =>
      event === undefined &&
      (group === 'treatment' || group === 'control') &&
      stratum !== 'forced' &&
      stratum !== 'fallback',
  )
  const conditional = variants.some(({ attrs }) => Object.keys(attrs).length > 0)
  return [...checkArms(compared, split, conditional), ...(conditional ? [] : checkCopies(compared, chanceOf))]
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

/** `n_s p` summed over the versions: the shares move with the weights. */
function checkCopies(rows: readonly CellChange[], chanceOf: ChanceOf): SplitCheck[] {
  const drawn = rows.filter(({ cell }) => cell.group === 'treatment' && cell.name !== '')
  const labels = [...new Set(drawn.map(({ cell }) => cell.name))].toSorted()
  if (labels.length < 2) return []
  return ratioStages.flatMap((stage) => {
    const counts = new Map<string, number>()
    const expected = new Map<string, number>()
    for (const [stratum, own] of Map.groupBy(drawn, ({ cell }) => cell.stratum)) {
      for (const { cell, counts: of } of own) counts.set(cell.name, (counts.get(cell.name) ?? 0) + (of[stage] ?? 0))
      const total = own.reduce((sum, row) => sum + (row.counts[stage] ?? 0), 0)
      for (const copy of new Set(own.map(({ cell }) => cell.name))) {
        expected.set(copy, (expected.get(copy) ?? 0) + total * chanceOf(stratum, copy))
      }
    }
    const of = (sums: ReadonlyMap<string, number>) => labels.map((copy) => sums.get(copy) ?? 0)
    const checks = checkSampleRatios([{ stage, counts: of(counts) }], of(expected))
    return checks.map((check): SplitCheck => ({ ...check, between: 'copies', labels }))
  })
}
