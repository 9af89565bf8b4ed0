// From cells to the answer of the results route.
import { expect, test } from 'vitest'
import type { Cell, CellChange, Counts } from '../../../contract/result-cell.ts'
import { summariseResults } from '../../../lambdas/domain/results/summarise-results.ts'

const question = { templateId: 'welcome', metric: 'clicked', from: '2026-11-01', to: '2026-11-30', nowMs: 0 }

function rowOf(day: string, part: Partial<Cell>, counts: Counts): CellChange {
  return { scope: 'welcome', cell: { day, group: 'other', name: '', stratum: '', ...part }, counts }
}

test('adds up what is undocumented over the days, also where a day came to nothing', () => {
  const rows = [
    rowOf('2026-11-20', { name: 'channel:pigeon' }, { deliveries: 1 }),
    rowOf('2026-11-21', { name: 'channel:pigeon' }, { deliveries: 2 }),
    rowOf('2026-11-22', { name: 'channel:pigeon' }, { deliveries: 0 }),
    rowOf('2026-11-22', { name: 'metric:sparkled' }, { deliveries: 1 }),
  ]
  expect(summariseResults(question, rows).other).toEqual({ 'channel:pigeon': 3, 'metric:sparkled': 1 })
})

test('adds up the versions of the weights of a copy, and keeps forced serves apart', () => {
  const arm = { group: 'treatment', name: 'a' } as const
  const rows = [
    rowOf('2026-11-20', { ...arm, stratum: 'v0' }, { sent: 3, clicked: 1, join_latest: 3 }),
    rowOf('2026-11-21', { ...arm, stratum: 'v1' }, { sent: 1, clicked: 1, join_journey: 1 }),
    rowOf('2026-11-21', { ...arm, stratum: 'forced' }, { sent: 1, join_journey: 1 }),
  ]
  const { arms, join } = summariseResults(question, rows)
  expect(arms).toMatchObject([
    { copy_id: 'a', choice: 'drawn', counts: { sent: 4, clicked: 2 }, rate: 0.5, join: { journey: 1, latest: 3 } },
    { copy_id: 'a', choice: 'forced', counts: { sent: 1, clicked: 0 }, rate: 0, join: { journey: 1, latest: 0 } },
  ])
  expect(join).toEqual({ journey: 2, latest: 3, none: 0 })
})
