// Which copies make people leave: unsubscribed or marked as spam more often than control, beyond what chance explains at any
// look. Only a copy that is certainly worse is stopped; one that merely looks worse is not.
import { type Guardrail, guardrailMetrics, type Stop } from '../../../contract/allocation.ts'
import type { CopyId } from '../../../contract/ids.ts'
import { countSums } from '../statistics/moments.ts'
import { logEvidenceOfMore } from '../statistics/rare-events.ts'
import { sequentialLowerBound } from '../statistics/sequential.ts'
import { type Stratum, standardise, stratifiedDifference } from '../statistics/stratified.ts'

/** One copy against control in one stratum: sends, and how many of them met each guardrail. */
export interface GuardrailCell {
  readonly copyId: CopyId
  readonly stratum: string
  readonly treatment: GuardrailCounts
  /** Control's sends of the same days, whichever copy they are held against. */
  readonly control: GuardrailCounts
}
export interface GuardrailCounts extends Readonly<Record<Guardrail, number>> {
  readonly sends: number
}

/**
 * Errors allowed to all copies and guardrails of a template together. What is looked at is the last 90 days, so that a year is as
 * good as four tests: each gets its part of 5 %.
 */
const guardrailAlpha = 0.05 / 4
/** Fewer sends say nothing: the bound rests on sums that are nearly normal. */
const leastSends = 100

/** Copies that breach, by id, each with the first guardrail that it breaches. Without control nothing can. */
export function watchGuardrails(cells: readonly GuardrailCell[]): Stop[] {
  const copies = [...Map.groupBy(cells, ({ copyId }) => copyId)].sort(([a], [b]) => (a < b ? -1 : 1))
  const alpha = guardrailAlpha / (copies.length * guardrailMetrics.length)
  return copies.flatMap(([copyId, own]) => {
    const breaches = guardrailMetrics.flatMap((guardrail) => findBreach(copyId, guardrail, own, alpha))
    return breaches.slice(0, 1)
  })
}

function findBreach(copyId: CopyId, guardrail: Guardrail, cells: readonly GuardrailCell[], alpha: number): Stop[] {
  const sends = cells.reduce((sum, { treatment }) => sum + treatment.sends, 0)
  if (sends < leastSends) return []
  const strata = cells.map(
    ({ control, treatment }): Stratum => ({
      control: countSums(control.sends, control[guardrail]),
      treatment: countSums(treatment.sends, treatment[guardrail]),
    }),
  )
  const both = standardise(strata)
  const difference = both === undefined ? 'no_data' : stratifiedDifference(both)
  if (both === undefined || typeof difference === 'string') return []
  const worseByAtLeast = sequentialLowerBound(difference, alpha)
  if (worseByAtLeast <= 0 || !isMoreFrequent(guardrail, cells, alpha)) return []
  return [{ copyId, guardrail, share: both.treatment.mean, controlShare: both.control.mean, worseByAtLeast }]
}

/** The bound is too sure of itself while an arm has few events, and of a control of a tenth that is most of the time. */
function isMoreFrequent(guardrail: Guardrail, cells: readonly GuardrailCell[], alpha: number): boolean {
  const strata = cells.map(({ control, treatment }) => ({
    control: { sends: control.sends, events: control[guardrail] },
    treatment: { sends: treatment.sends, events: treatment[guardrail] },
  }))
  return logEvidenceOfMore(strata) >= -Math.log(alpha)
}
