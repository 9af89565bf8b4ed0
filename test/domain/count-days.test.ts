// Results by day: what belongs to which day and arm, and that the days add up to the whole.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CellChange } from '../../contract/result-cell.ts'
import { countDays } from '../../lambdas/domain/count-days.ts'

const row = (day: string, group: CellChange['cell']['group'], counts: CellChange['counts'], more = {}): CellChange => {
  return { scope: 't', cell: { day, group, name: 'copy', stratum: 'v1', ...more }, counts }
}

describe('the days of results', () => {
  test('are sends and hits per day and arm, copies and strata added up, in order', () => {
    const rows = [
      row('2026-11-02', 'control', { sent: 5, opened: 1 }),
      row('2026-11-01', 'treatment', { sent: 2, opened: 1 }),
      row('2026-11-01', 'treatment', { sent: 3, opened: 2 }, { name: 'other', stratum: 'v2' }),
      row('2026-11-01', 'unsent', { sent: 9, opened: 9 }),
    ]
    expect(countDays('opened', rows)).toEqual([
      { day: '2026-11-01', arm: 'treatment', sends: 5, hits: 3 },
      { day: '2026-11-02', arm: 'control', sends: 5, hits: 1 },
    ])
  })

  test('leave out what is never compared, and days without sends', () => {
    const rows = [
      row('2026-11-01', 'treatment', { sent: 1, opened: 1 }, { stratum: 'forced' }),
      row('2026-11-01', 'treatment', { sent: 1, opened: 1 }, { stratum: 'fallback' }),
      row('2026-11-02', 'treatment', { served: 4 }),
    ]
    expect(countDays('opened', rows)).toEqual([])
  })

  test('count a custom event by its sends and never its sends twice', () => {
    const rows = [
      row('2026-11-01', 'control', { sent: 4 }),
      row('2026-11-01', 'control', { sends: 2, events: 7 }, { event: 'purchase' }),
      row('2026-11-01', 'control', { sends: 3, events: 3 }, { event: 'refund' }),
    ]
    expect(countDays('purchase', rows)).toEqual([{ day: '2026-11-01', arm: 'control', sends: 4, hits: 2 }])
  })

  test('add up to the whole, however the rows are spread and ordered', () => {
    const rows = fc.array(
      fc.record({
        day: fc.constantFrom('2026-11-01', '2026-11-02', '2026-11-03'),
        group: fc.constantFrom('treatment' as const, 'control' as const),
        sent: fc.nat(50),
        converted: fc.nat(50),
      }),
    )
    fc.assert(
      fc.property(rows, (all) => {
        const days = countDays(
          'converted',
          all.map(({ day, group, ...counts }) => row(day, group, counts)),
        )
        const sum = (of: (each: { sends: number; hits: number }) => number) =>
          days.reduce((total, day) => total + of(day), 0)
        expect(sum(({ sends }) => sends)).toBe(all.reduce((total, { sent }) => total + sent, 0))
        expect(sum(({ hits }) => hits)).toBe(all.reduce((total, { converted }) => total + converted, 0))
        expect(new Set(days.map(({ day, arm }) => `${day} ${arm}`)).size).toBe(days.length)
      }),
    )
  })
})
