// The points of the chart by day.
import { expect, it } from 'vitest'
import { dayRows } from '../../console/pages/results/day-rows.ts'

it('has a row per day, and no point for an arm that was not sent that day', () => {
  const days = [
    { day: '2026-11-02', arm: 'control', sends: 4, hits: 1 },
    { day: '2026-11-01', arm: 'control', sends: 8, hits: 0 },
    { day: '2026-11-01', arm: 'treatment', sends: 3, hits: 3 },
  ] as const
  expect(dayRows(days)).toEqual([
    { day: '2026-11-01', JustAI: 100, Control: 0 },
    { day: '2026-11-02', JustAI: null, Control: 25 },
  ])
})
