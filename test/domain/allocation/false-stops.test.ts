// Copies that make nobody leave more often than control does, looked at every day of a year as the weights are: how often one is
// stopped that should not be; and how soon one is that should.
import { expect, it } from 'vitest'
import { copyIdSchema } from '../../../contract/ids.ts'
import { learningDays } from '../../../contract/limits.ts'
import { type GuardrailCounts, watchGuardrails } from '../../../lambdas/domain/allocation/watch-guardrails.ts'
import { drawBinomial, seededRandom } from '../../support/seeded-random.ts'

const seed = Number(process.env.SIMULATION_SEED ?? 20_261_124)
const tests = 300

interface Watched {
  readonly days: number
  readonly control: number
  readonly copy: number
  /** Share of control's sends that unsubscribe; a quarter of it marks them as spam. */
  readonly rate: number
  /** The copy's shares are so many times control's. */
  readonly times: number
}

/** Share of tests in which the copy is stopped on some day, by sends that are as old as weights look back. */
function stoppedShare({ days, control, copy, rate, times }: Watched): number {
  const random = seededRandom(seed)
  const ofDay = (sends: number, share: number): GuardrailCounts => ({
    sends,
    unsubscribed: drawBinomial(random, sends, share),
    spammed: drawBinomial(random, sends, share / 4),
  })
  let stopped = 0
  for (let test = 0; test < tests; test++) {
    const played: { control: GuardrailCounts; treatment: GuardrailCounts }[] = []
    let isStopped = false
    for (let day = 0; day < days && !isStopped; day++) {
      played.push({ control: ofDay(control, rate), treatment: ofDay(copy, rate * times) })
      const seen = played.slice(-learningDays)
      const cell = {
        copyId: copyIdSchema.parse('a'),
        stratum: 'v0',
        control: addUp(seen.map((one) => one.control)),
        treatment: addUp(seen.map((one) => one.treatment)),
      }
      isStopped = watchGuardrails([cell]).length > 0
    }
    stopped += Number(isStopped)
  }
  return stopped / tests
}

function addUp(all: readonly GuardrailCounts[]): GuardrailCounts {
  return all.reduce((sum, one) => ({
    sends: sum.sends + one.sends,
    unsubscribed: sum.unsubscribed + one.unsubscribed,
    spammed: sum.spammed + one.spammed,
  }))
}

it.each<[string, Pick<Watched, 'control' | 'copy' | 'rate'>]>([
  ['of the same size', { control: 500, copy: 500, rate: 0.004 }],
  ['of a tenth', { control: 200, copy: 2_000, rate: 0.004 }],
  ['of a tenth, few sends', { control: 30, copy: 300, rate: 0.002 }],
  ['of a hundredth', { control: 20, copy: 2_000, rate: 0.003 }],
])('stops at most one sound copy of twenty in a year, control %s', (_name, setup) => {
  const share = stoppedShare({ ...setup, days: 365, times: 1 })
  console.log(`seed ${seed}, ${JSON.stringify(setup)}: ${(share * 100).toFixed(1)} % stopped`)
  expect(share).toBeLessThanOrEqual(0.05)
})

it.each([
  [3, 14],
  [2, 60],
])('stops a copy that makes %d times as many leave within %i days, control of a tenth', (times, days) => {
  expect(stoppedShare({ days, control: 200, copy: 2_000, rate: 0.004, times })).toBeGreaterThan(0.8)
})
