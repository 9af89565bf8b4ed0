// The short way answers what the long way does, or leaves the row to it.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readCustomEvent, rowNames } from '../../../lambdas/domain/events/read-custom-event.ts'
import { readFlatRow, shapeOf } from '../../../lambdas/domain/files/read-flat-row.ts'
import { rowContext } from '../../support/custom-events.ts'

const plausible = [
  ...['ann', ' ann ', 'a@B.org', '42', 'é', '', 'x'.repeat(130), 'purchase', 'a b', 'USD', 'usd', 'JPY', '-', 'acme'],
  ...['1795000000', '1795000000123', '2026-11-24T10:00:00Z', '2026-11-24', '0', '12.50', '12.505', '-1', '1e2', '.5'],
  ...[42, 1_795_000_000, 1.5, 0.1 + 0.2, Number.MAX_SAFE_INTEGER + 2, -0, null],
]
const names = fc.uniqueArray(fc.constantFrom(...Object.values(rowNames).flat(), 'sku', 'Ünknown', '"quoted"', 'a,b'), {
  minLength: 1,
  maxLength: 9,
})
const usual = { name: 'purchase', user_id: 'ann', timestamp: '1795000000', value: '12.50', currency: 'USD' }

it('reads no row otherwise than the long way', () => {
  let short = 0
  const runs = 5_000
  fc.assert(
    fc.property(
      names,
      fc.array(fc.oneof(fc.constantFrom(...plausible), fc.string()), { minLength: 9, maxLength: 9 }),
      fc.constantFrom('id', 'email', 'cio_id'),
      fc.boolean(),
      (given, values, identifier, plain) => {
        const context = { ...rowContext, identifier } as const
        const entries = given.map((name, at) => [name, values[at]] as const)
        const row = { ...Object.fromEntries(entries), ...(plain && usual) }
        const shape = shapeOf(Object.keys(row))
        const flat = shape && readFlatRow(shape, Object.values(row), context)
        if (flat === undefined) return
        short++
        expect({ ok: true, ...flat }).toEqual(readCustomEvent(row, context))
      },
    ),
    { numRuns: runs },
  )
  // Many of these rows are odd; that the short way is taken at all must be seen.
  expect(short).toBeGreaterThan(runs / 50)
})
