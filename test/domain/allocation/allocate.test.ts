// The weights of copies: uniform until enough is known, by the chance to be best from then on, none below the floor, and a
// copy that makes people leave no longer drawn.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocationBasisSchema, allocationSchema } from '../../../contract/allocation.ts'
import { copyIdSchema, templateIdSchema } from '../../../contract/ids.ts'
import { type AllocationQuestion, allocate } from '../../../lambdas/domain/allocation/allocate.ts'
import { maturedThrough, maturityMs } from '../../../lambdas/domain/allocation/maturity.ts'
import { versionAllocation } from '../../../lambdas/domain/allocation/version-allocation.ts'
import type { GuardrailCell } from '../../../lambdas/domain/allocation/watch-guardrails.ts'
import { countSums } from '../../../lambdas/domain/statistics/moments.ts'

const [a, b, c] = ['a', 'b', 'c'].map((id) => copyIdSchema.parse(id)) as [
  ReturnType<typeof copyIdSchema.parse>,
  ReturnType<typeof copyIdSchema.parse>,
  ReturnType<typeof copyIdSchema.parse>,
]
const cell = (copyId: typeof a, n: number, successes: number, stratum = 'v0') => ({
  copyId,
  stratum,
  sums: countSums(n, successes),
})
const question: AllocationQuestion = {
  algorithm: 'thompson',
  floor: 0.05,
  copies: [a, b, c],
  cells: [cell(a, 1_000, 30), cell(b, 1_000, 45), cell(c, 1_000, 28)],
  guardrails: [],
  stopped: [],
}
const weightsOf = (change: Partial<AllocationQuestion>) => {
  const { basis, weights } = allocate({ ...question, ...change })
  return { basis, weights: weights.map(({ weight }) => weight) }
}
const third = 1 / 3
const facts = {
  templateId: templateIdSchema.parse('welcome'),
  metric: 'clicked',
  floor: 0.05,
  maturedThrough: '2026-11-20',
  computedAtMs: 1,
}

describe('weights', () => {
  it('follow the chance to be best, raised to the floor, and are one together', () => {
    const { basis, weights, computedFrom } = allocate(question)
    expect(basis).toBe('learned')
    for (const [at, { weight }] of weights.entries()) {
      expect(weight).toBeCloseTo(0.05 + 0.85 * (computedFrom[at]?.chanceBest ?? 0), 6)
    }
    expect(weights[1]?.weight).toBeGreaterThan(0.8)
    expect(weights.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5)
    expect(computedFrom[1]).toMatchObject({ copyId: b, sends: 1_000, mean: 0.045 })
  })

  it('are uniform while one copy has 99 matured sends, and learn from 100 on', () => {
    const few = [cell(a, 1_000, 30), cell(b, 1_000, 45), cell(c, 99, 2)]
    expect(weightsOf({ cells: few })).toEqual({ basis: 'too_few_sends', weights: [third, third, third] })
    expect(weightsOf({ cells: [...few.slice(0, 2), cell(c, 100, 2)] }).basis).toBe('learned')
    expect(weightsOf({ cells: [] })).toEqual({ basis: 'too_few_sends', weights: [third, third, third] })
  })

  it('are uniform when nobody converted, when everybody did, and when copies never met', () => {
    const all = (successes: number) => [a, b, c].map((copyId) => cell(copyId, 200, successes))
    expect(weightsOf({ cells: all(0) })).toEqual({ basis: 'no_variance', weights: [third, third, third] })
    expect(weightsOf({ cells: all(200) }).basis).toBe('no_variance')
    const apart = [cell(a, 200, 5, 'v1'), cell(b, 200, 9, 'v2'), cell(c, 200, 1, 'v3')]
    expect(weightsOf({ cells: apart }).basis).toBe('never_together')
  })

  it('do not mistake a season for a better copy', () => {
    // Base rate 2 % while a was sent most, then 4 % while b was: neither is better.
    const cells = [cell(a, 4_500, 90, 'v1'), cell(b, 500, 10, 'v1'), cell(a, 500, 20, 'v2'), cell(b, 4_500, 180, 'v2')]
    const { basis, weights } = weightsOf({ copies: [a, b], cells })
    expect(basis).toBe('learned')
    expect(weights).toEqual([0.5, 0.5])
  })

  it('leave uniform no room under a floor that takes all', () => {
    expect(weightsOf({ floor: third })).toEqual({ basis: 'floor_takes_all', weights: [third, third, third] })
    expect(weightsOf({ floor: 0 }).weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
  })

  it('are what was asked for when they are fixed or uniform', () => {
    const fixed = new Map([
      [a, 3],
      [b, 1],
    ])
    expect(weightsOf({ algorithm: 'fixed', fixed })).toEqual({ basis: 'fixed', weights: [0.75, 0.25, 0] })
    expect(weightsOf({ algorithm: 'fixed' })).toEqual({ basis: 'uniform', weights: [third, third, third] })
    expect(weightsOf({ algorithm: 'fixed', fixed: new Map([[a, -1]]) }).basis).toBe('uniform')
    expect(weightsOf({ algorithm: 'uniform' })).toEqual({ basis: 'uniform', weights: [third, third, third] })
  })

  it('of one copy are one, of none are none', () => {
    expect(weightsOf({ copies: [a] })).toEqual({ basis: 'learned', weights: [1] })
    expect(weightsOf({ copies: [] })).toEqual({ basis: 'all_stopped', weights: [] })
  })

  it('are the same for the same data in any order', () => {
    const cells = ['v0', 'v1', 'v2'].flatMap((version, at) => [
      cell(a, 300 + at, 9, version),
      cell(b, 200 + at, 8, version),
      cell(c, 150 + at, 3 + at, version),
    ])
    const expected = weightsOf({ cells })
    fc.assert(
      fc.property(
        fc.shuffledSubarray(cells, { minLength: 9 }),
        fc.shuffledSubarray([a, b, c], { minLength: 3 }),
        (order, copies) => {
          expect(weightsOf({ cells: order, copies })).toEqual(expected)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('are never below the floor, never NaN, whatever was counted', () => {
    const counts = fc
      .integer({ min: 0, max: 5_000 })
      .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n })))
    const cells = fc.array(
      fc
        .tuple(fc.constantFrom(a, b, c), fc.constantFrom('v1', 'v2', 'v3'), counts)
        .map(([copyId, version, [n, successes]]) => cell(copyId, n, successes, version)),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(cells, (some) => {
        const answer = allocate({ ...question, cells: some })
        expect(allocationBasisSchema.parse(answer)).toEqual(answer)
        for (const { weight } of answer.weights) expect(weight >= 0.05 && weight <= 1).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('are stored with what they were computed from', () => {
    const stored = versionAllocation(undefined, allocate(question), facts)
    expect(allocationSchema.parse(stored)).toEqual(stored)
    expect(stored?.version).toBe(1)
    expect(allocationSchema.safeParse({ ...stored, version: 0 }).success).toBe(false)
  })
})

describe('a new version', () => {
  const first = versionAllocation(undefined, allocate(question), facts)
  const versionAfter = (change: Partial<AllocationQuestion>) =>
    versionAllocation(first, allocate({ ...question, ...change }), facts)?.version

  it('is made when a weight moves by a hundredth, a copy comes or goes, one is stopped, or the algorithm changes', () => {
    expect(versionAfter({ cells: [cell(a, 1_000, 30), cell(b, 1_000, 39), cell(c, 1_000, 28)] })).toBe(2)
    expect(versionAfter({ copies: [a, b] })).toBe(2)
    expect(versionAfter({ copies: [a, b, copyIdSchema.parse('d')] })).toBe(2)
    expect(versionAfter({ algorithm: 'uniform' })).toBe(2)
    const stop = {
      copyId: copyIdSchema.parse('e'),
      guardrail: 'spammed',
      share: 1,
      controlShare: 0,
      worseByAtLeast: 0.5,
    } as const
    expect(versionAfter({ stopped: [stop] })).toBe(2)
    const stopped = versionAllocation(first, allocate({ ...question, stopped: [stop] }), facts)
    const other = { ...stop, copyId: copyIdSchema.parse('f') }
    expect(versionAllocation(stopped, allocate({ ...question, stopped: [other] }), facts)?.version).toBe(3)
    expect(versionAllocation(stopped, allocate({ ...question, stopped: [stop] }), facts)).toBeUndefined()
  })

  it('is made when the same weights rest on something else: metric, floor, or a reason', () => {
    const under = (change: Partial<typeof facts>) =>
      versionAllocation(first, allocate(question), { ...facts, ...change })?.version
    expect(under({})).toBeUndefined()
    expect(under({ maturedThrough: '2026-11-21', computedAtMs: 2 })).toBeUndefined()
    expect(under({ metric: 'converted' })).toBe(2)
    expect(under({ floor: 0.04 })).toBe(2)
    const early = versionAllocation(undefined, allocate({ ...question, cells: [] }), facts)
    expect(early?.basis).toBe('too_few_sends')
    const still = allocate({ ...question, cells: [a, b, c].map((copyId) => cell(copyId, 1_000, 0)) })
    expect(versionAllocation(early, still, facts)).toMatchObject({ version: 2, basis: 'no_variance' })
  })

  it('is not made of noise', () => {
    expect(versionAfter({})).toBeUndefined()
    expect(versionAfter({ cells: [cell(a, 1_001, 30), cell(b, 1_002, 45), cell(c, 1_000, 28)] })).toBeUndefined()
  })
})

describe('a guardrail', () => {
  const watched = (
    copyId: typeof a,
    sends: number,
    unsubscribed: number,
    spammed = 0,
    stratum = 'v0',
  ): GuardrailCell => ({
    copyId,
    stratum,
    treatment: { sends, unsubscribed, spammed },
    control: { sends: 1_000, unsubscribed: 3, spammed: 1 },
  })

  it('stops a copy that makes people leave, says how much worse it is, and shares its weight out', () => {
    const { stopped, weights } = allocate({ ...question, guardrails: [watched(a, 1_000, 4), watched(b, 1_000, 60)] })
    expect(stopped).toMatchObject([{ copyId: b, guardrail: 'unsubscribed', share: 0.06, controlShare: 0.003 }])
    expect(stopped[0]?.worseByAtLeast).toBeGreaterThan(0)
    expect(stopped[0]?.worseByAtLeast).toBeLessThan(0.057)
    expect(weights.map(({ copyId }) => copyId)).toEqual([a, c])
    expect(weights.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5)
  })

  it('is met by spam as well', () => {
    expect(allocate({ ...question, guardrails: [watched(c, 1_000, 3, 50)] }).stopped).toMatchObject([
      { guardrail: 'spammed' },
    ])
  })

  it('lets chance pass, and sums too small to tell', () => {
    const guardrails = [watched(a, 1_000, 8), watched(b, 99, 60), watched(c, 1_000, 4)]
    expect(allocate({ ...question, guardrails }).stopped).toEqual([])
  })

  it('says nothing without control', () => {
    const alone = { ...watched(a, 1_000, 90), control: { sends: 0, unsubscribed: 0, spammed: 0 } }
    expect(allocate({ ...question, guardrails: [alone] }).stopped).toEqual([])
  })

  it('compares within periods: a bad season for all stops nobody', () => {
    const bad = { ...watched(a, 4_000, 200, 0, 'v1'), control: { sends: 100, unsubscribed: 5, spammed: 0 } }
    const good = { ...watched(a, 100, 1, 0, 'v2'), control: { sends: 4_000, unsubscribed: 40, spammed: 0 } }
    expect(allocate({ ...question, guardrails: [bad, good] }).stopped).toEqual([])
  })

  it('once met stays met, until somebody lifts it', () => {
    const first = allocate({ ...question, guardrails: [watched(b, 1_000, 60)] }).stopped
    const later = allocate({ ...question, stopped: first, guardrails: [watched(b, 9_000, 30)] })
    expect(later.stopped).toEqual(first)
    expect(later.weights.map(({ copyId }) => copyId)).toEqual([a, c])
  })

  it('that all copies meet leaves no weights, and says so', () => {
    const guardrails = [a, b, c].map((copyId) => watched(copyId, 1_000, 90))
    const answer = allocate({ ...question, guardrails })
    expect(answer).toMatchObject({ basis: 'all_stopped', weights: [] })
    expect(answer.stopped).toHaveLength(3)
  })
})

describe('a send has matured', () => {
  const noon = Date.UTC(2026, 10, 23, 12)

  it.each([
    ['delivered', undefined, '2026-11-21'],
    ['clicked', undefined, '2026-11-19'],
    ['converted', undefined, '2026-11-15'],
    ['purchase', 14 * 86_400_000, '2026-11-08'],
    ['purchase', undefined, '2026-11-15'],
  ])('%s, window %s: through %s', (metric, windowMs, day) => {
    expect(maturedThrough(maturityMs(metric, windowMs), noon)).toBe(day)
  })

  it('on a day of which the last send is old enough', () => {
    const midnight = Date.UTC(2026, 10, 23)
    expect(maturedThrough(86_400_000, midnight)).toBe('2026-11-21')
    expect(maturedThrough(86_400_000, midnight - 1)).toBe('2026-11-20')
  })
})
