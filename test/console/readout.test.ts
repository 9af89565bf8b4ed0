// What the results page says in its first sentence, and the ranges that it draws.
import { describe, expect, it } from 'vitest'
import { rateInterval } from '../../console/pages/results/rate-interval.ts'
import { joinedOf, readOut, sumOf } from '../../console/pages/results/readout.ts'
import type { ArmResult, ResultsAnswer } from '../../contract/results.ts'

function armOf(arm: ArmResult['arm'], sent: number, converted: number, more: Partial<ArmResult> = {}): ArmResult {
  const join = { journey: 0, latest: 0, none: sent }
  const counts = { sent, converted }
  return { arm, copy_id: null, choice: 'drawn', counts, events: {}, rate: null, rates: {}, join, ...more }
}

function resultsOf(...arms: ArmResult[]): ResultsAnswer {
  const none = { journey: 0, latest: 0, none: 0 }
  const days = { from: '2026-11-01', to: '2026-11-24', as_of: '2026-11-24T00:00:00.000Z' }
  return {
    template_id: 't',
    metric: 'converted',
    ...days,
    arms,
    join: none,
    unsent: {},
    action: {},
    other: {},
  } as ResultsAnswer
}

describe('the first sentence', () => {
  it.each<[string, ResultsAnswer]>([
    [
      'With JustAI’s copy 5.0 % (50 of 1,000) of the sends converted, in control 4.0 % (40 of 1,000).',
      resultsOf(armOf('treatment', 600, 20), armOf('treatment', 400, 30), armOf('control', 1_000, 40)),
    ],
    [
      'No message of this template was sent in these days, so there is nothing to compare yet.',
      resultsOf(armOf('treatment', 0, 0)),
    ],
    [
      'With JustAI’s copy 50.0 % (1 of 2) of the sends converted; there was no control to compare them with.',
      resultsOf(armOf('treatment', 2, 1)),
    ],
    [
      'In control 0.0 % (0 of 3) of the sends converted; JustAI’s copy was not sent in these days.',
      resultsOf(armOf('control', 3, 0)),
    ],
  ])('%s', (sentence, results) => expect(readOut(results)).toBe(sentence))

  it('leaves out copy that was asked for by id and fallbacks', () => {
    const forced = armOf('treatment', 100, 100, { choice: 'forced' })
    const fallback = armOf('treatment', 100, 100, { choice: 'fallback' })
    expect(sumOf(resultsOf(armOf('treatment', 10, 1), forced, fallback), 'treatment')).toEqual({
      sends: 10,
      hits: 1,
      share: 0.1,
    })
  })

  it('counts a custom event by the sends that have one', () => {
    const events = { purchase: { sends: 3, events: 9, value: {}, squares: {} } }
    const results = { ...resultsOf(armOf('treatment', 8, 0, { events })), metric: 'purchase' }
    expect(sumOf(results, 'treatment')).toEqual({ sends: 8, hits: 3, share: 0.375 })
    expect(readOut(results)).toContain('led to “purchase”')
  })
})

it('judges how sends were joined by those with JustAI’s copy alone', () => {
  const joined = armOf('treatment', 3, 0, { join: { journey: 2, latest: 1, none: 0 } })
  expect(joinedOf(resultsOf(joined, armOf('control', 50, 0)))).toEqual({ journey: 2, latest: 1, none: 0 })
})

describe('the range of a share', () => {
  it.each([
    [0, 10, 0, 0.2775],
    [1, 10, 0.0179, 0.4042],
    [5, 10, 0.2366, 0.7634],
    [81, 263, 0.2553, 0.3662],
  ])('of %i among %i is Wilson’s', (hits, sends, lower, upper) => {
    const range = rateInterval(hits, sends)
    expect(range?.lower).toBeCloseTo(lower, 3)
    expect(range?.upper).toBeCloseTo(upper, 3)
  })

  it('is none without sends', () => expect(rateInterval(0, 0)).toBeUndefined())
})
