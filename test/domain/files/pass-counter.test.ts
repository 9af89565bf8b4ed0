// Rows counted in passes of a fixed memory come to what one who remembers every id counts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { looksPerPass } from '../../../contract/limits.ts'
import { looks, packLooks, passesFor, sumPasses } from '../../../lambdas/domain/files/count-rows.ts'
import { PassCounter } from '../../../lambdas/domain/files/pass-counter.ts'

const row = fc.record({ name: fc.nat(30).map((n) => `id#e${n}`), look: fc.constantFrom(...looks) })

function countAll(ranges: readonly (readonly { name: string; look: (typeof looks)[number] }[])[], passes: number) {
  const good = ranges.flat().length
  const counts = Array.from({ length: passes }, (_, pass) => {
    const counter = new PassCounter(pass, passes, good)
    for (const rows of ranges) counter.add(packLooks(rows))
    return counter.count()
  })
  return sumPasses({ good, rejected: 3 }, counts)
}

describe('the passes over the looks', () => {
  it('count each id once, by the first look at it, however many they are and however rows are spread', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(row, { maxLength: 40 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        (ranges, passes) => {
          const best = new Map<string, number>()
          for (const { name, look } of ranges.flat()) best.set(name, Math.min(best.get(name) ?? 2, looks.indexOf(look)))
          const seen = (look: number) => [...best.values()].filter((each) => each === look).length
          const good = ranges.flat().length
          expect(countAll(ranges, passes)).toEqual({
            rows: good + 3,
            accepted: seen(0),
            changed: seen(1),
            unchanged: seen(2),
            duplicate: good - best.size,
            rejected: 3,
          })
        },
      ),
    )
  })

  it('hold a file whose rows all say one id, though they all fall to one pass', () => {
    const one = packLooks(Array.from({ length: 10_000 }, () => ({ name: 'id#same', look: 'none' as const })))
    const passes = 4
    const counts = Array.from({ length: passes }, (_, pass) => {
      const counter = new PassCounter(pass, passes, 400_000)
      for (let n = 0; n < 40; n++) counter.add(one)
      return counter.count()
    })
    expect(sumPasses({ good: 400_000, rejected: 0 }, counts)).toMatchObject({ accepted: 1, duplicate: 399_999 })
  })

  it('are refused more looks than there are rows', () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ name: `id#${n}`, look: 'none' as const }))
    expect(() => new PassCounter(0, 1, 50).add(packLooks(rows))).toThrow(RangeError)
  })

  it('are one up to what memory holds, and then as few as it takes', () => {
    expect([0, 1, looksPerPass, looksPerPass + 1, looksPerPass * 20].map(passesFor)).toEqual([1, 1, 1, 2, 20])
  })
})
