import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEligible, readAttrs } from '../../../lambdas/domain/copy/eligibility.ts'
import { variantOf } from '../../support/copy-settings.ts'

const name = fc.constantFrom('plan', 'Plan', 'country', 'COUNTRY')
const value = fc.constantFrom('pro', 'PRO', 'free', 'de', '1', 'true')
const conditions = fc.dictionary(name, fc.array(value, { maxLength: 3 }))
const given = fc.dictionary(name, fc.oneof(value, fc.constantFrom(1, true, null)))

test('a copy fits exactly whom a naive reading of its conditions says', () => {
  fc.assert(
    fc.property(conditions, given, (attrs, person) => {
      const naive = Object.keys(attrs).every((asked) => {
        const has = Object.keys(person)
          .filter((own) => own.toUpperCase() === asked.toUpperCase())
          .at(-1)
        const own = has === undefined ? null : person[has]
        return own !== null && (attrs[asked] ?? []).map((one) => one.toUpperCase()).includes(String(own).toUpperCase())
      })
      expect(isEligible(variantOf('a', { attrs }), readAttrs(person))).toBe(naive)
    }),
    { numRuns: 2_000 },
  )
})

test('a copy without conditions fits somebody without attributes', () => {
  expect(isEligible(variantOf('a'), readAttrs({}))).toBe(true)
})

test('an archived copy fits nobody', () => {
  expect(isEligible(variantOf('a', { status: 'archived' }), readAttrs({}))).toBe(false)
})

test('a condition never reads what every object has', () => {
  const variant = variantOf('a', { attrs: { constructor: ['function object() { [native code] }'], tostring: [''] } })
  expect(isEligible(variant, readAttrs({}))).toBe(false)
})
