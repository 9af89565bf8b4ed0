// Are events that hardly anybody meets more frequent in one arm? By who met them, not by means and their errors: those know
// nothing of an arm in which nobody met one yet, which is what a small control looks like for weeks.

/** Sends of both arms while the split stood still, and how many of them met the event. */
export interface EventStratum {
  readonly control: { readonly sends: number; readonly events: number }
  readonly treatment: { readonly sends: number; readonly events: number }
}

/** How many times as frequent the event might be in the treatment; the evidence is the mean over them. */
const ratios = [1.1, 1.25, 1.5, 2, 3, 5, 10, 30] as const

/**
 * Natural logarithm of the e-value against "not more frequent in the treatment": above `-ln alpha` at any look with chance alpha at
 * most. Of events that are as frequent in both arms, each is the treatment's with chance `θ = nT/(nT + nC)`; were they ψ times as
 * frequent, with `ψθ/(ψθ + 1 - θ)`. So `e(ψ) = Π_s ψ^bs / (ψ θs + 1 - θs)^ms`, b the treatment's events and m all; e is the mean
 * over ψ. Source: the conditional test of two Poisson rates (Przyborowski and Wilenski 1940) as a mixture martingale (Robbins
 * 1970). Strata that one arm missed say nothing.
 */
export function logEvidenceOfMore(strata: readonly EventStratum[]): number {
  const shared = strata.filter(({ control, treatment }) => control.sends > 0 && treatment.sends > 0)
  const logs = ratios.map((ratio) => shared.reduce((sum, stratum) => sum + logLikelihoodRatio(stratum, ratio), 0))
  const most = Math.max(...logs)
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0) / logs.length)
}

function logLikelihoodRatio({ control, treatment }: EventStratum, ratio: number): number {
  const share = treatment.sends / (treatment.sends + control.sends)
  const events = treatment.events + control.events
  return treatment.events * Math.log(ratio) - events * Math.log1p((ratio - 1) * share)
}
