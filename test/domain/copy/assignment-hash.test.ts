import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignmentHash } from '../../../lambdas/domain/copy/assignment-hash.ts'
import vectors from '../../data/assignment-hash-vectors.json' with { type: 'json' }

describe('the place of a person', () => {
  test.each(vectors)('agrees with the published vector $id', ({ input, expected }) => {
    expect(assignmentHash(input.seed, input.value)).toBe(expected)
  })

  test('is a multiple of 0.0001 from 0 up to 1 for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (seed, value) => {
        const place = assignmentHash(seed, value)
        expect(place).toBeGreaterThanOrEqual(0)
        expect(place).toBeLessThan(1)
        expect(Math.abs(place * 10_000 - Math.round(place * 10_000))).toBeLessThan(1e-8)
      }),
    )
  })

  test('is spread evenly over people who are numbered', () => {
    const counts = new Array<number>(20).fill(0)
    for (let person = 0; person < 40_000; person++) {
      const bin = Math.floor(assignmentHash('acme:welcome:arm:', String(person)) * 20)
      counts[bin] = (counts[bin] ?? 0) + 1
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 2_000) ** 2 / 2_000, 0)
    // 19 degrees of freedom: above 43.8 one time in a thousand.
    expect(chiSquare).toBeLessThan(43.8)
  })

  test('is independent under two seeds', () => {
    const cells = new Array<number>(16).fill(0)
    for (let person = 0; person < 32_000; person++) {
      const arm = Math.floor(assignmentHash('acme:welcome:arm:', `user-${person}`) * 4)
      const copy = Math.floor(assignmentHash('acme:welcome:copy:', `user-${person}`) * 4)
      cells[arm * 4 + copy] = (cells[arm * 4 + copy] ?? 0) + 1
    }
    const chiSquare = cells.reduce((sum, count) => sum + (count - 2_000) ** 2 / 2_000, 0)
    // 15 degrees of freedom: above 37.7 one time in a thousand.
    expect(chiSquare).toBeLessThan(37.7)
  })
})
