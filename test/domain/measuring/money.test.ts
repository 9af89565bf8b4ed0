import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMinor, fromMinor, type Minor, readDecimal, toMinor } from '../../../lambdas/domain/measuring/money.ts'

test.each([
  ['12.5', 'EUR', 1250],
  ['-0.05', 'EUR', -5],
  ['7', 'JPY', 7],
  ['0.125', 'KWD', 125],
  ['0', 'EUR', 0],
  ['123456789012.34', 'EUR', 12345678901234],
  ['-12345678901234.5', 'EUR', -1234567890123450n],
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
    expect(reading.ok && BigInt(toMinor(reading.decimal, currency) ?? 'nothing')).toBe(small)
  })
  fc.assert(property, { numRuns: 500 })
})

test('sums stay exact beyond what a number holds', () => {
  const cents = fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n })
  const property = fc.property(fc.array(cents), (amounts) => {
    const asKept = amounts.map((amount) => (Number.isSafeInteger(Number(amount)) ? Number(amount) : amount))
    const exact = amounts.reduce((sum, amount) => sum + amount, 0n)
    expect(BigInt(asKept.reduce<Minor>(addMinor, 0))).toBe(exact)
  })
  fc.assert(property, { numRuns: 500 })
})

test('an amount is read as it is between spaces, where the short way is not taken', () => {
  const amount = fc.stringMatching(/^[0-9]{1,11}(\.[0-9]{0,5})?$/)
  const property = fc.property(amount, fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'), (text, currency) => {
    expect(readDecimal(text, currency)).toEqual(readDecimal(` ${text} `, currency))
    expect(readDecimal(Number(text), currency)).toEqual(readDecimal(` ${Number(text)}`, currency))
  })
  fc.assert(property, { numRuns: 1_000 })
})
