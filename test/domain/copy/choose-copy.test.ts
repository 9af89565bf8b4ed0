import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { personKeySchema } from '../../../contract/ids.ts'
import type { Template, Variant } from '../../../contract/template.ts'
import { type CopyWish, chooseCopy, type Weights } from '../../../lambdas/domain/copy/choose-copy.ts'
import { readAttrs } from '../../../lambdas/domain/copy/eligibility.ts'
import { copyIdOf, orgOf, templateOf, variantOf } from '../../support/copy-settings.ts'
import { seededRandom } from '../../support/sdk-faults.ts'

const anyone: CopyWish = { org: orgOf('acme'), attrs: readAttrs({}) }
const person = (id: string): CopyWish => ({ ...anyone, person: personKeySchema.parse(`id:${id}`) })
const control = variantOf('control', { arm: 'control' })
const copies = (count: number) => Array.from({ length: count }, (_, at) => variantOf(`c${at}`))
const weightsOf = (version: number, weights: Record<string, number>): Weights => ({
  version,
  weights: new Map(Object.entries(weights).map(([id, weight]) => [copyIdOf(id), weight])),
})

function choose(
  template: Template,
  variants: Variant[],
  wish = anyone,
  weights: Weights = 'uniform',
  random = Math.random,
) {
  return chooseCopy(template, variants, wish, weights, random)
}
/** Every distinct outcome of a choice with the share of draws that gave it. */
function draws(
  template: Template,
  variants: Variant[],
  count: number,
  weights: Weights = 'uniform',
  wish = (_: number) => anyone,
) {
  const random = seededRandom(count)
  const seen = new Map<string, { share: number; probability: number; allocationVersion: number }>()
  for (let at = 0; at < count; at++) {
    const { variant, probability, allocationVersion } = choose(template, variants, wish(at), weights, random)
    const before = seen.get(variant.copyId)?.share ?? 0
    seen.set(variant.copyId, { share: before + 1 / count, probability, allocationVersion })
  }
  return seen
}
const code = (expected: string) => expect.objectContaining({ code: expected })

describe('a random split', () => {
  test('gives control its share and the copies the rest alike, with the probabilities it states', () => {
    const seen = draws(templateOf('t', { controlShare: 0.2 }), [control, ...copies(4)], 40_000)
    expect(seen.size).toBe(5)
    for (const { share, probability } of seen.values()) {
      expect(probability).toBeCloseTo(0.2, 12)
      expect(share).toBeCloseTo(0.2, 1.9)
    }
  })

  test('states probabilities that together are 1, whatever the copies, weights and share', () => {
    const weight = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true }))
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(weight, { minLength: 6, maxLength: 6 }),
        fc.boolean(),
        (controlShare, count, values, withControl) => {
          const variants = [...(withControl ? [control] : []), ...copies(count)]
          const weights = weightsOf(3, Object.fromEntries(values.map((value, at) => [`c${at}`, value])))
          const probabilities = new Map<string, number>()
          for (let arm = 0; arm < 2; arm++) {
            for (let at = 0; at <= 2_000; at++) {
              const places = [arm === 0 ? 0 : 0.999_999_999, at / 2_001]
              const random = () => places.shift() ?? 0
              const { variant, probability } = choose(
                templateOf('t', { controlShare }),
                variants,
                anyone,
                weights,
                random,
              )
              probabilities.set(variant.copyId, probability)
            }
          }
          const unseen = 2 * (count / 2_001) + 1e-6
          const sum = [...probabilities.values()].reduce((total, one) => total + one, 0)
          expect(sum).toBeLessThanOrEqual(1 + 1e-9)
          expect(sum).toBeGreaterThanOrEqual(1 - unseen)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('follows the weights of an allocation, within the copies that fit', () => {
    const fits = variantOf('c2', { attrs: { plan: ['pro'] } })
    const seen = draws(templateOf('t'), [...copies(2), fits], 20_000, weightsOf(7, { c0: 3, c1: 1, c2: 100 }))
    expect(seen.get('c0')).toMatchObject({ probability: 0.75, allocationVersion: 7 })
    expect(seen.get('c0')?.share).toBeCloseTo(0.75, 1.9)
    expect(seen.get('c1')?.probability).toBe(0.25)
    expect(seen.has('c2')).toBe(false)
  })

  test('gives a draw that falls on an edge to the copy above it', () => {
    const drawn = [0, 0.25, 0.5, 0.75].map((place) =>
      choose(templateOf('t'), copies(4), anyone, 'uniform', () => place),
    )
    expect(drawn.map(({ variant }) => variant.copyId)).toEqual(['c0', 'c1', 'c2', 'c3'])
  })

  test('falls back to uniform, and says version 0, when the weights know none of the copies', () => {
    const seen = draws(templateOf('t'), copies(2), 100, weightsOf(7, { gone: 1 }))
    expect([...seen.values()].map(({ probability }) => probability)).toEqual([0.5, 0.5])
    expect([...seen.values()].map(({ allocationVersion }) => allocationVersion)).toEqual([0, 0])
  })

  test('gives treatment to everyone whom no control copy fits', () => {
    const narrow = { ...control, attrs: { plan: ['pro'] } }
    const seen = draws(templateOf('t', { controlShare: 0.9 }), [narrow, ...copies(1)], 50)
    expect(seen).toEqual(new Map([['c0', expect.objectContaining({ probability: 1 })]]))
  })
})

describe('a persistent split', () => {
  const template = templateOf('t', { splitMode: 'persistent', controlShare: 0.3 })

  test('gives one person the same copy every time, whatever chance says', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (userId) => {
        const variants = [control, ...copies(3)]
        const first = choose(template, variants, person(userId), 'uniform', () => 0)
        expect(choose(template, variants.toReversed(), person(userId), 'uniform', () => 0.99)).toEqual(first)
      }),
    )
  })

  test('leaves every person in their arm when a copy is added', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 5 }), (userId, count) => {
        const before = choose(template, [control, ...copies(count)], person(userId))
        const after = choose(template, [control, ...copies(count + 1)], person(userId))
        expect(after.variant.arm).toBe(before.variant.arm)
      }),
    )
  })

  test('gives the shares that it states over many people', () => {
    const seen = draws(template, [control, ...copies(2)], 30_000, 'uniform', (at) => person(`user-${at}`))
    for (const { share, probability } of seen.values()) expect(Math.abs(share - probability)).toBeLessThan(0.012)
  })

  test('draws at random for a call that names nobody', () => {
    expect(draws(template, [control, ...copies(2)], 200).size).toBe(3)
  })

  test('places a person anew in every template and org', () => {
    const armIn = (org: string, id: string) => (at: number) =>
      choose({ ...template, templateId: templateOf(id).templateId }, [control, ...copies(1)], {
        ...person(`user-${at}`),
        org: orgOf(org),
      }).variant.arm
    const people = Array.from({ length: 2_000 }, (_, at) => at)
    const agreeing = people.filter((at) => armIn('acme', 't')(at) === armIn('acme', 'u')(at)).length
    // 0.3² + 0.7² of the people fall into the same arm of two independent splits.
    expect(Math.abs(agreeing / people.length - 0.58)).toBeLessThan(0.05)
    const inBoth = people.filter((at) => armIn('acme', 't')(at) === armIn('other', 't')(at)).length
    expect(Math.abs(inBoth / people.length - 0.58)).toBeLessThan(0.05)
  })
})

test('an external split never draws control', () => {
  const template = templateOf('t', { splitMode: 'external', controlShare: 1 })
  expect([...draws(template, [control, ...copies(2)], 50).keys()].toSorted()).toEqual(['c0', 'c1'])
})

describe('outside the draw', () => {
  test('a copy asked for by id is given although nobody is eligible for it', () => {
    const wish = { ...anyone, copyId: copyIdOf('c0') }
    const chosen = choose(templateOf('t'), [variantOf('c0', { attrs: { plan: ['pro'] } })], wish)
    expect(chosen).toMatchObject({ choice: 'forced', probability: 1, variant: { copyId: 'c0' } })
  })

  test('a copy asked for that is archived or unknown is refused', () => {
    const archived = [variantOf('c0', { status: 'archived' }), variantOf('c1')]
    for (const id of ['c0', 'c9']) {
      expect(() => choose(templateOf('t'), archived, { ...anyone, copyId: copyIdOf(id) })).toThrow(code('copy.unknown'))
    }
  })

  test('the fallback is given when no copy fits, and only then', () => {
    const template = templateOf('t', { fallbackCopyId: copyIdOf('c1') })
    const narrow = variantOf('c0', { attrs: { plan: ['pro'] } })
    const fallback = variantOf('c1', { attrs: { plan: ['none'] } })
    expect(choose(template, [narrow, fallback])).toMatchObject({
      choice: 'fallback',
      probability: 1,
      variant: fallback,
    })
    expect(choose(template, [narrow, fallback], { ...anyone, attrs: readAttrs({ Plan: 'PRO' }) })).toMatchObject({
      choice: 'drawn',
      variant: narrow,
    })
  })

  test('without a fallback, or with one that is gone, nobody eligible is refused', () => {
    const narrow = [variantOf('c0', { attrs: { plan: ['pro'] } })]
    expect(() => choose(templateOf('t'), narrow)).toThrow(code('copy.none_eligible'))
    expect(() => choose(templateOf('t', { fallbackCopyId: copyIdOf('c9') }), narrow)).toThrow(
      code('copy.none_eligible'),
    )
  })

  test.each(['draft', 'archived'] as const)(
    'a template that is %s serves nothing, not even what is asked for',
    (status) => {
      const wish = { ...anyone, copyId: copyIdOf('c0') }
      expect(() => choose(templateOf('t', { status }), copies(1), wish)).toThrow(code('template.inactive'))
    },
  )

  test('a shipped template goes on serving', () => {
    expect(choose(templateOf('t', { status: 'shipped' }), copies(1)).variant.copyId).toBe('c0')
  })
})
