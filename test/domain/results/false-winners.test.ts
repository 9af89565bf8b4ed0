// Tests in which no copy differs from control, looked at every day: how often a winner is called that is none.
import { expect, it } from 'vitest'
import { type ArmCell, compareArms } from '../../../lambdas/domain/results/compare-arms.ts'
import { decide } from '../../../lambdas/domain/results/decide.ts'
import { fixedP } from '../../../lambdas/domain/statistics/fixed-test.ts'
import { relativeLift } from '../../../lambdas/domain/statistics/lift.ts'
import { countSums, momentsOf } from '../../../lambdas/domain/statistics/moments.ts'
import { drawBinomial, seededRandom } from '../../support/seeded-random.ts'
import { playCampaign } from '../../support/simulated-campaign.ts'

const seed = Number(process.env.SIMULATION_SEED ?? 20_261_124)
const tests = 2_000
const days = 28
const sendsPerDay = 500
const rate = 0.03

it.each([1, 4])('calls a false winner in at most one of twenty, %i variants', (variants) => {
  const random = seededRandom(seed + variants)
  let [ours, stops, naive] = [0, 0, 0]
  for (let test = 0; test < tests; test++) {
    const arms = Array.from({ length: variants + 1 }, () => 0)
    const seen = { ours: false, stops: false, naive: false }
    for (let day = 1; day <= days; day++) {
      for (const at of arms.keys()) arms[at] = (arms[at] ?? 0) + drawBinomial(random, sendsPerDay, rate)
      const [control = 0, ...treatment] = arms
      const n = day * sendsPerDay
      const { decision } = decideOn(n, control, treatment)
      seen.ours ||= decision === 'ready_to_ship'
      seen.stops ||= decision === 'stop'
      seen.naive ||= 2 * n > 1_000 && naiveWinner(n, control, treatment)
    }
    ours += Number(seen.ours)
    stops += Number(seen.stops)
    naive += Number(seen.naive)
  }
  const share = (count: number) => `${((100 * count) / tests).toFixed(2)} %`
  console.log(
    `seed ${seed}, ${variants} variants, ${tests} tests without a difference, ${days} daily looks: ` +
      `winner called ${share(ours)}, stopped as worse ${share(stops)}; by a fixed 95 % test ${share(naive)}`,
  )
  expect(ours / tests).toBeLessThanOrEqual(0.05)
  expect((ours + stops) / tests).toBeLessThanOrEqual(0.05)
  // What the rule protects from: without it this simulation would prove nothing.
  expect(naive / tests).toBeGreaterThan(0.1)
})

it('calls no more of them when the weights learn and the rate swings by the week', () => {
  const random = seededRandom(seed)
  const campaigns = 150
  const swing = (day: number) => 0.03 * (1 + 0.5 * Math.sin((2 * Math.PI * day) / 7))
  let [ours, losers, parted] = [0, 0, 0]
  for (let campaign = 0; campaign < campaigns; campaign++) {
    const setup = {
      algorithm: 'thompson',
      variants: 4,
      days,
      sendsPerDay: 1_500,
      controlShare: 0.2,
      floor: 0.05,
    } as const
    const called = { winner: false, loser: false }
    for (const played of playCampaign({ ...setup, maturityDays: 3, rate: swing }, random)) {
      const comparisons = compareArms(played)
      const controlSends = played.control.reduce((sum, { sums }) => sum + sums.n, 0)
      const found = decide({ metric: 'clicked', comparisons, controlSends, sampleRatios: [], stopped: [] })
      called.winner ||= found.decision === 'ready_to_ship'
      called.loser ||= found.reasons.some(({ code }) => code === 'worse')
      if (played.day === days - 1) parted += comparisons.filter((one) => one.parted.includes('inverse')).length
    }
    ours += Number(called.winner)
    losers += Number(called.loser)
  }
  console.log(
    `seed ${seed}, ${campaigns} learning campaigns: winner called ${ours}, a copy called worse ${losers}, inverse parted ${parted} of ${4 * campaigns}`,
  )
  expect(ours / campaigns).toBeLessThanOrEqual(0.05)
  expect(losers / campaigns).toBeLessThanOrEqual(0.05)
  // A warning that is always on warns of nothing.
  expect(parted / (4 * campaigns)).toBeLessThan(0.1)
})

function decideOn(n: number, control: number, treatment: readonly number[]) {
  const cell = (copyId: string, successes: number): ArmCell => ({
    copyId,
    stratum: 'v0',
    sums: countSums(n, successes),
    inverseChance: 1,
  })
  const comparisons = compareArms({
    control: [cell('', control)],
    treatment: treatment.map((successes, at) => cell(`copy-${at}`, successes)),
  })
  return decide({ metric: 'clicked', comparisons, controlSends: n, sampleRatios: [], stopped: [] })
}

/** What a dashboard without this would do: ship what is significant today. */
function naiveWinner(n: number, control: number, treatment: readonly number[]): boolean {
  return treatment.some((successes) => {
    const lift = relativeLift(momentsOf(countSums(n, control)), momentsOf(countSums(n, successes)))
    return typeof lift !== 'string' && Math.abs(lift.value / lift.standardError) > 1.5 && fixedP(lift) < 0.05
  })
}
