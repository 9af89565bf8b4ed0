// The points of the chart by day.
import { expect, it } from 'vitest'
import { byArm, byCopy, dayRows, linesOf } from '../../console/pages/results/day-rows.ts'
import type { ResultsAnswer } from '../../contract/results.ts'

const days: ResultsAnswer['by_day'] = [
  { day: '2026-11-02', arm: 'control', copy_id: null, sends: 4, count: 1, open: true },
  { day: '2026-11-01', arm: 'control', copy_id: null, sends: 8, count: 0, open: false },
  { day: '2026-11-01', arm: 'treatment', copy_id: 'warm', sends: 3, count: 3, open: false },
  { day: '2026-11-01', arm: 'treatment', copy_id: 'plain', sends: 1, count: 0, open: false },
]

it('has a row per day, and no point for an arm that was not sent that day', () => {
  expect(dayRows(days, byArm)).toEqual([
    { day: '2026-11-01', shares: { JustAI: 75, Control: 0 }, isOpen: false },
    { day: '2026-11-02', shares: { JustAI: null, Control: 25 }, isOpen: true },
  ])
})

it('has a line for each copy when asked, control last', () => {
  expect(linesOf(days, byCopy)).toEqual(['plain', 'warm', 'Control'])
  expect(dayRows(days, byCopy)[0]?.shares).toEqual({ plain: 0, warm: 100, Control: 0 })
})
