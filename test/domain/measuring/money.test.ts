import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromMinor, readDecimal, toMinor } from '../../../lambdas/domain/measuring/money.ts'

test.each([
  ['12.5', 'EUR', 1250n],
  ['-0.05', 'EUR', -5n],
  ['7', 'JPY', 7n],
  ['0.125', 'KWD', 125n],
  ['0.125', 'EUR', undefined],
])('%s %s is %s minor units', (decimal, currency, minor) => expect(toMinor(decimal, currency)).toBe(minor))

test.each([
  [1250n, 'EUR', '12.50'],
  [-5n, 'EUR', '-0.05'],
  [7n, 'JPY', '7'],
  [10n ** 30n, 'EUR', '10000000000000000000000000000.00'],
])('%s minor units of %s are %s', (minor, currency, text) => expect(fromMinor(minor, currency)).toBe(text))

test('every amount comes back as it went, whichever currency', () => {
  const amount = fc.bigInt({ min: -99_999_999_999n, max: 99_999_999_999n })
  const property = fc.property(amount, fc.constantFrom('EUR', 'JPY', 'KWD'), (minor, currency) => {
    const small = currency === 'EUR' ? minor : minor % 1_000_000_000n
    const reading = readDecimal(fromMinor(small, currency), currency)
    expect(reading.ok && toMinor(reading.decimal, currency)).toBe(small)
  })
  fc.assert(property, { numRuns: 500 })
})
