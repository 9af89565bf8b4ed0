// Figures about weights that learn: what they earn over uniform ones, and what comparing and allocating cost in CPU.
import { copyIdSchema } from '../../contract/ids.ts'
import { type AllocationQuestion, allocate } from '../../lambdas/domain/allocation/allocate.ts'
import { type ArmsQuestion, compareArms } from '../../lambdas/domain/results/compare-arms.ts'
import { decide } from '../../lambdas/domain/results/decide.ts'
import { countSums } from '../../lambdas/domain/statistics/moments.ts'
import { drawBinomial, seededRandom } from '../../test/support/seeded-random.ts'
import { maxComparisonCpuMs } from '../aims.ts'
import { type Figure, fact, limited } from '../figure.ts'
import { playCampaigns, scenarios } from './play-campaigns.ts'

const seed = 20_261_124
const campaigns = 100
const templates = 1_000

export function measureAllocation(tell: (progress: string) => void): Figure[] {
  tell(`allocation: seed ${seed}, ${campaigns} campaigns a scenario`)
  return [...scenarios.flatMap(earnings), ...costs(tell)]
}

function earnings(scenario: (typeof scenarios)[number]): Figure[] {
  const { gain, most, found, weight } = playCampaigns(scenario, campaigns, seed)
  const { name, rates } = scenario
  const conversions = [
    fact(`${name}: conversions, learned over uniform`, gain, 'times'),
    fact(`${name}: the most that could be had`, most, 'times'),
  ]
  if (new Set(rates).size === 1) return conversions
  return [
    ...conversions,
    fact(`${name}: ends with the best copy in front`, found, 'of 1'),
    fact(`${name}: weight of the best copy at the end`, weight, 'of 1'),
  ]
}

function costs(tell: (progress: string) => void): Figure[] {
  tell('allocation: CPU of comparing and of allocating')
  const long = makeQuestion(8, 400)
  const compare = () => {
    const comparisons = compareArms(long)
    return decide({ metric: 'clicked', comparisons, controlSends: 1, sampleRatios: [], stopped: [] })
  }
  const month = makeQuestion(8, 30)
  const all = () => {
    for (let template = 0; template < templates; template++) allocate(month)
  }
  return [
    limited('comparing and deciding, 8 variants x 400 days, first call', cpuMs(compare), 'ms CPU', maxComparisonCpuMs),
    limited('comparing and deciding, 8 variants x 400 days, once warm', cpuMs(compare), 'ms CPU', maxComparisonCpuMs),
    fact('allocation of 1,000 templates, 8 variants x 30 versions each', cpuMs(all), 'ms CPU'),
  ]
}

function makeQuestion(variants: number, strata: number): ArmsQuestion & AllocationQuestion {
  const random = seededRandom(seed)
  const copies = Array.from({ length: variants }, (_, at) => copyIdSchema.parse(`copy-${at}`))
  const names = Array.from({ length: strata }, (_, at) => `v${at}`)
  const sumsOf = (rate: number) => {
    const n = 20 + Math.floor(random() * 300)
    return countSums(n, drawBinomial(random, n, rate))
  }
  const cells = names.flatMap((stratum) =>
    copies.map((copyId, at) => ({ copyId, stratum, inverseChance: variants, sums: sumsOf(0.03 + 0.001 * at) })),
  )
  const control = names.map((stratum) => ({ copyId: '', stratum, inverseChance: 1, sums: sumsOf(0.03) }))
  return { control, treatment: cells, algorithm: 'thompson', floor: 0.05, copies, cells, guardrails: [], stopped: [] }
}

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
