// What learning weights earn: campaigns with planted rates, played once with weights that learn and once with uniform ones.
import { drawBinomial, seededRandom } from '../../test/support/seeded-random.ts'
import { type Campaign, type PlayedDay, playCampaign } from '../../test/support/simulated-campaign.ts'

export interface Played {
  /** Conversions of learning weights over those of uniform ones, all campaigns together. */
  readonly gain: number
  /** The most that could be had: everyone gets the best copy. */
  readonly most: number
  /** Share of campaigns that end with the largest weight on the best copy. */
  readonly found: number
  /** Mean weight of the best copy on the last day. */
  readonly weight: number
}

export interface Scenario {
  readonly name: string
  /** Conversion rates of the copies. */
  readonly rates: readonly number[]
  /** What a day multiplies all rates by. */
  readonly season: (day: number) => number
}

export const scenarios: readonly Scenario[] = [
  { name: 'one of 4 is 30 % better', rates: [0.03, 0.03, 0.03, 0.039], season: () => 1 },
  { name: 'one of 8 is 50 % better', rates: [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.03], season: () => 1 },
  { name: '4 from 2 to 5 %', rates: [0.02, 0.03, 0.04, 0.05], season: () => 1 },
  {
    name: 'one of 4 is 30 % better, rates swing by the week',
    rates: [0.03, 0.03, 0.03, 0.039],
    season: (day) => 1 + 0.5 * Math.sin((2 * Math.PI * day) / 7),
  },
  { name: 'no difference', rates: [0.03, 0.03, 0.03, 0.03], season: () => 1 },
]

/** 28 days, 1,000 sends a day, a tenth of them control, floor 5 %, learned from after three days. */
const setup = { days: 28, sendsPerDay: 1_000, controlShare: 0.1, floor: 0.05, maturityDays: 3 }

export function playCampaigns({ rates, season }: Scenario, campaigns: number, seed: number): Played {
  const best = rates.indexOf(Math.max(...rates))
  const rate = (day: number, variant: number | undefined) => season(day) * (rates[variant ?? 0] ?? 0)
  const campaign = { ...setup, variants: rates.length, rate }
  const random = seededRandom(seed)
  let [learned, uniform, most, found, weight] = [0, 0, 0, 0, 0]
  for (let at = 0; at < campaigns; at++) {
    const last = lastDay({ ...campaign, algorithm: 'thompson' }, random)
    learned += last.conversions
    uniform += lastDay({ ...campaign, algorithm: 'uniform' }, random).conversions
    for (let day = 0; day < setup.days; day++) {
      most += drawBinomial(random, setup.sendsPerDay * (1 - setup.controlShare), rate(day, best))
    }
    const weights = last.allocation.weights.map((one) => one.weight)
    found += Number(weights.indexOf(Math.max(...weights)) === best)
    weight += weights[best] ?? 0
  }
  return { gain: learned / uniform, most: most / uniform, found: found / campaigns, weight: weight / campaigns }
}

function lastDay(campaign: Campaign, random: () => number): PlayedDay {
  const last = [...playCampaign(campaign, random)].at(-1)
  if (last === undefined) throw new Error('a campaign without days')
  return last
}
