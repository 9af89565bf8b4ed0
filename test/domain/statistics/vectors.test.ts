// Every published number reproduces within its tolerance. A kind of vector that no function below answers for fails.
import betainc from '@stdlib/math-base-special-betainc'
import { describe, expect, it } from 'vitest'
import { assignmentHash } from '../../../lambdas/domain/copy/assignment-hash.ts'
import { benjaminiHochberg, holm } from '../../../lambdas/domain/statistics/adjust-p.ts'
import {
  type Beta,
  betaChanceToBeat,
  betaExpectedLoss,
  betaInterval,
} from '../../../lambdas/domain/statistics/beta-posterior.ts'
import { type CupedSums, cupedLift, cupedTheta } from '../../../lambdas/domain/statistics/cuped.ts'
import { fixedInterval, fixedLowerBound, fixedP, fixedPGreater } from '../../../lambdas/domain/statistics/fixed-test.ts'
import { inverseGapWeights } from '../../../lambdas/domain/statistics/inverse-gap.ts'
import { type Effect, type Estimate, relativeLift } from '../../../lambdas/domain/statistics/lift.ts'
import { momentsOf, momentsOfShare } from '../../../lambdas/domain/statistics/moments.ts'
import { chanceToBeat, credibleInterval, expectedLoss } from '../../../lambdas/domain/statistics/normal-chance.ts'
import { type Plan, sendsForFixedTest } from '../../../lambdas/domain/statistics/power.ts'
import { betaProbabilityBest, normalProbabilityBest } from '../../../lambdas/domain/statistics/probability-best.ts'
import { momentsOfRatio, type RatioSums, ratioLift } from '../../../lambdas/domain/statistics/ratio.ts'
import { logMarginals, sampleRatioP, sequentialSampleRatioP } from '../../../lambdas/domain/statistics/sample-ratio.ts'
import { sequentialInterval, sequentialLowerBound, sequentialP } from '../../../lambdas/domain/statistics/sequential.ts'
import { type CreditModel, splitCredit } from '../../../lambdas/domain/statistics/split-credit.ts'
import published from '../../data/statistics-vectors.json' with { type: 'json' }
import derived from '../../data/statistics-vectors-derived.json' with { type: 'json' }

interface Vector {
  readonly id: string
  readonly kind: string
  readonly status: string
  readonly tolerance: number
  readonly input: unknown
  readonly expected: unknown
}
interface Arms<T> {
  readonly a: T
  readonly b: T
}
type Armed = Arms<{ n: number; sum: number; ss?: number }> & { type: 'proportion' | 'mean'; nstar?: number }

const alpha = 0.05

/** What we answer, in the shape of what is expected. */
const answers: Readonly<Record<string, (input: never, expected: never) => unknown>> = {
  bayes_relative: (input: Armed) => {
    const effect = liftOf(input)
    const { keeping, switching } = expectedLoss(effect)
    return {
      lift: effect.value,
      ci: ends(credibleInterval(effect, alpha)),
      se: effect.standardError,
      ctw: chanceToBeat(effect),
      risk: [keeping, switching],
    }
  },
  risk_normal: ({ mean, sd }: { mean: number; sd: number }) => {
    const { keeping, switching } = expectedLoss({ value: mean, standardError: sd })
    return [keeping, switching]
  },
  welch_relative: (input: Armed) => {
    const effect = liftOf(input)
    return {
      lift: effect.value,
      ci: ends(fixedInterval(effect, alpha)),
      se: effect.standardError,
      p: fixedP(effect),
    }
  },
  welch_relative_greater: (input: Armed) => {
    const effect = liftOf(input)
    return { lower: fixedLowerBound(effect, alpha), p: fixedPGreater(effect) }
  },
  sequential_relative: (input: Armed) => {
    const effect = liftOf(input)
    return {
      lift: effect.value,
      ci: ends(sequentialInterval(effect, alpha, input.nstar)),
      se: effect.standardError,
      p: sequentialP(effect, alpha, input.nstar),
    }
  },
  sequential_relative_greater: (input: Armed) => ({ lower: sequentialLowerBound(liftOf(input), alpha, input.nstar) }),
  ratio_relative: ({ a, b }: Arms<RatioSums>) => {
    const effect = certain(ratioLift(a, b))
    const rates = [momentsOfRatio(a), momentsOfRatio(b)].map((one) => (typeof one === 'string' ? one : one.mean))
    return {
      rates,
      lift: effect.value,
      p: fixedP(effect),
      ctw: chanceToBeat(effect),
      risk1: expectedLoss(effect).switching,
    }
  },
  cuped_relative: ({ a, b }: Arms<CupedSums>) => {
    const effect = certain(cupedLift(a, b))
    return { theta: cupedTheta(a, b), lift: effect.value, p: fixedP(effect) }
  },
  srm: ({ users, weights }: { users: number[]; weights: number[] }) => sampleRatioP(users, weights),
  holm: (input: number[]) => holm(input),
  bh: (input: number[]) => benjaminiHochberg(input),
  gb_hash_v2: ({ seed, value }: { seed: string; value: string }) => assignmentHash(seed, value),
  beta_prob_b_beats_a: ({ a, b }: Arms<[number, number]>) => betaChanceToBeat(betaOf(a), betaOf(b)),
  beta_prob_best: (input: [number, number][], expected: (number | null)[]) =>
    betaProbabilityBest(input.map(betaOf)).map((chance, at) => (expected[at] === null ? null : chance)),
  beta_ci95: (input: [number, number]) => ends(betaInterval(betaOf(input), alpha)),
  ssrm_log_marginals: (input: { null: number[]; prior: number[]; arrivals: number[] }) => {
    const looks = input.arrivals.map((_, at) => {
      const counts = input.prior.map((__, arm) => input.arrivals.slice(0, at + 1).filter((one) => one === arm).length)
      return logMarginals(counts, input.null, input.prior)
    })
    return { m1: looks.map(({ any }) => any), m0: looks.map(({ meant }) => meant) }
  },
  falcon: (input: { scores: number[]; gamma: number; floor: number }) =>
    inverseGapWeights(input.scores, input.gamma, input.floor),
  attribution_split: ({ touches, revenue }: { touches: number; revenue: number }, expected: object) =>
    Object.fromEntries(
      Object.keys(expected).map((model) => {
        const cents = splitCredit(BigInt(Math.round(revenue * 100)), touches, model as CreditModel)
        return [model, cents.map((part) => Number(part) / 100)]
      }),
    ),
  normal_prob_best: ({ means, sds }: { means: number[]; sds: number[] }) => normalProbabilityBest(means, sds),
  t_two_sided: ({ t, df }: { t: number; df: number }) =>
    fixedP({ value: t, standardError: 1, degreesOfFreedom: df, n: df + 2 }),
  beta_expected_loss: ({ a, b }: Arms<[number, number]>) => {
    const { keeping, switching } = betaExpectedLoss(betaOf(a), betaOf(b))
    return [keeping, switching]
  },
  sends_fixed_test: (plan: Plan) => sendsForFixedTest(plan),
  sequential_p: ({ value, se, n }: { value: number; se: number; n: number }) =>
    sequentialP({ value, standardError: se, n, degreesOfFreedom: n - 2 }),
  srm_sequential: ({ users, weights }: { users: number[]; weights: number[] }) =>
    sequentialSampleRatioP(users, weights),
  beta_cdf: ({ x, a, b }: { x: number; a: number; b: number }) => betainc(x, a, b),
}

describe.each([
  ['published', published.vectors],
  ['derived', derived.vectors],
] as [string, Vector[]][])('%s numbers', (_, vectors) => {
  it.each(vectors)('reproduce: $id, $kind', ({ kind, input, expected, tolerance }) => {
    const answer = answers[kind]
    if (answer === undefined) throw new Error(`no function answers for vectors of the kind ${kind}`)
    expectNear(answer(input as never, expected as never), expected, tolerance)
  })
})

it('is derived, and says so, what was not published', () => {
  expect(published.vectors.length).toBe(39)
  expect(derived.vectors.map(({ status }) => status).filter((status) => status !== 'D')).toEqual([])
})

function liftOf({ type, a, b }: Armed): Estimate {
  const moments = ({ n, sum, ss }: Armed['a']) =>
    type === 'proportion' ? momentsOfShare(n, sum) : momentsOf({ n, sum, sumOfSquares: ss ?? Number.NaN })
  return certain(relativeLift(moments(a), moments(b)))
}

function certain(effect: Effect): Estimate {
  if (typeof effect === 'string') throw new Error(`no estimate: ${effect}`)
  return effect
}

function ends({ lower, upper }: { lower: number; upper: number }): [number, number] {
  return [lower, upper]
}

function betaOf([a, b]: [number, number]): Beta {
  return { a, b }
}

/** Numbers within the tolerance, everything else alike, nothing left out on either side. */
function expectNear(answer: unknown, expected: unknown, tolerance: number): void {
  if (typeof expected === 'number') {
    expect(answer).toBeTypeOf('number')
    expect(Math.abs(Number(answer) - expected), `${answer} for ${expected}`).toBeLessThanOrEqual(tolerance)
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(Object(answer))).toEqual(Object.keys(expected))
    for (const [key, value] of Object.entries(expected)) expectNear(Reflect.get(Object(answer), key), value, tolerance)
  } else {
    expect(answer).toBe(expected)
  }
}
