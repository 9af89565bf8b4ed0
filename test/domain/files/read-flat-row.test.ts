// The short way answers what the long way does, or leaves the row to it.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ReadEvent, readCustomEvent, rowNames } from '../../../lambdas/domain/events/read-custom-event.ts'
import { readFlatRow, shapeOf } from '../../../lambdas/domain/files/read-flat-row.ts'
import { makeRowReader } from '../../../lambdas/domain/files/read-text-rows.ts'
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

const word = fc.oneof(
  fc.constantFrom('ann', 'purchase', '12.50', '7', '1795000000', 'USD', 'x y', ' ann', 'ann ', '', 'x'.repeat(130)),
  // Where a shortcut over whole pieces of a file could go wrong: one of these in one field of one row.
  fc.constantFrom('a"b', 'a\\b', 'a\tb', 'a\rb', 'a\u0000b', 'a\u007fb', 'a\u0085b', 'é', '\u2028', '🙂', "'", '</'),
  fc.string({ maxLength: 4 }),
)
const columns = ['event_id', 'name', 'user_id', 'timestamp', 'value', 'currency', 'sku'] as const
const textRow = fc.record({
  event_id: fc.oneof(fc.constantFrom('e1', 'e2'), word),
  name: fc.constantFrom('purchase', 'sign up'),
  user_id: fc.oneof(fc.constantFrom('ann', 'bob'), word),
  timestamp: fc.constant('1795000000'),
  value: fc.constantFrom('12.50', '7', '0.1', ''),
  currency: fc.constantFrom('USD', ''),
  sku: word,
})

it.each(['csv', 'jsonl'] as const)('reads rows of %s, whatever stands in them, as the long way does', (format) => {
  const inQuotes = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = {
    csv: (row: Record<string, string>) => columns.map((name) => inQuotes(row[name] ?? '')).join(','),
    jsonl: (row: Record<string, string>) => JSON.stringify(row),
  }
  let events = 0
  const property = fc.property(
    fc.array(textRow, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('\n', '\r\n'),
    (rows, end) => {
      const seen: unknown[] = []
      const sink = { event: (event: ReadEvent) => seen.push(event), reject: () => {} }
      const read = makeRowReader({ format, columns, context: rowContext }, 1, sink)
      read(Buffer.from(rows.map((row) => lines[format](row) + end).join('')).toString('latin1'), true)
      const asSaid = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')))
      const expected = asSaid.flatMap((row) => {
        const reading = readCustomEvent(row, rowContext)
        return reading.ok ? [reading] : []
      })
      expect(seen).toEqual(expected)
      events += seen.length
    },
  )
  fc.assert(property, { numRuns: 1_500 })
  expect(events).toBeGreaterThan(1_000)
})
