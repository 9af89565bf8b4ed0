// Tests with a planted lift, looked at every day: how often the range that results show leaves the truth out on any day, and how
// often a copy is called worse that is not. Arms of unlike size and few conversions, where usual intervals fail.
import { expect, it } from 'vitest'
import { type ArmCell, compareArms } from '../../../lambdas/domain/results/compare-arms.ts'
import { decide } from '../../../lambdas/domain/results/decide.ts'
import { relativeLift } from '../../../lambdas/domain/statistics/lift.ts'
import { countSums, momentsOf } from '../../../lambdas/domain/statistics/moments.ts'
import { sequentialInterval } from '../../../lambdas/domain/statistics/sequential.ts'
import { drawBinomial, seededRandom } from '../../support/seeded-random.ts'

const seed = Number(process.env.SIMULATION_SEED ?? 20_261_124)
const [tests, days] = [400, 40]

interface Planted {
  readonly name: string
  /** Sends a day. */
  readonly control: number
  readonly copy: number
  /** Of control. */
  readonly rate: number
  readonly lift: number
}

it.each<Planted>([
  { name: 'arms alike', control: 500, copy: 500, rate: 0.03, lift: 0 },
  { name: 'a control of a tenth', control: 100, copy: 900, rate: 0.01, lift: 0 },
  { name: 'a copy of a tenth', control: 900, copy: 100, rate: 0.01, lift: 0 },
  { name: 'a copy of a tenth, rarely answered', control: 900, copy: 100, rate: 0.003, lift: 0 },
  { name: 'a control of a hundredth, mostly delivered', control: 20, copy: 1_980, rate: 0.95, lift: 0 },
  { name: 'half as good, a control of a tenth', control: 100, copy: 900, rate: 0.01, lift: -0.5 },
  { name: 'half as good again, a copy of a tenth', control: 900, copy: 100, rate: 0.01, lift: 0.5 },
])('the range holds the truth on all days in 19 of 20 tests: $name', ({ name, control, copy, rate, lift: planted }) => {
  const random = seededRandom(seed)
  let [missed, wrong, usual] = [0, 0, 0]
  for (let test = 0; test < tests; test++) {
    const sums = { control: 0, copy: 0 }
    const seen = { missed: false, wrong: false, usual: false }
    for (let day = 1; day <= days; day++) {
      sums.control += drawBinomial(random, control, rate)
      sums.copy += drawBinomial(random, copy, rate * (1 + planted))
      const arms = { control: countSums(day * control, sums.control), copy: countSums(day * copy, sums.copy) }
      const comparisons = compareArms({ control: [cell('', arms.control)], treatment: [cell('a', arms.copy)] })
      const [lift] = comparisons.map((one) => one.lift)
      if (lift === undefined || typeof lift === 'string') continue
      const { lower = planted, upper = planted } = lift.interval
      seen.missed ||= planted < lower || planted > upper
      const { reasons } = decide({
        metric: 'clicked',
        comparisons,
        controlSends: arms.control.n,
        sampleRatios: [],
        stopped: [],
      })
      const codes = reasons.map(({ code }) => code)
      seen.wrong ||= (planted >= 0 && codes.includes('worse')) || (planted <= 0 && codes.includes('better'))
      seen.usual ||= missesByDelta(arms, planted)
    }
    missed += Number(seen.missed)
    wrong += Number(seen.wrong)
    usual += Number(seen.usual)
  }
  const share = (count: number) => `${((100 * count) / tests).toFixed(1)} %`
  console.log(
    `seed ${seed}, ${name}: missed ${share(missed)}, called wrongly ${share(wrong)}; by the delta method missed ${share(usual)}`,
  )
  expect(missed / tests).toBeLessThanOrEqual(0.05)
  expect(wrong / tests).toBeLessThanOrEqual(0.05)
})

function cell(copyId: string, sums: ArmCell['sums']): ArmCell {
  return { copyId, stratum: 'v0', sums, inverseChance: 1 }
}

/** The same width put on both sides of the lift. */
function missesByDelta(
  { control, copy }: { control: ArmCell['sums']; copy: ArmCell['sums'] },
  planted: number,
): boolean {
  const effect = relativeLift(momentsOf(control), momentsOf(copy))
  if (typeof effect === 'string') return false
  const { lower, upper } = sequentialInterval(effect, 0.05)
  return planted < lower || planted > upper
}
