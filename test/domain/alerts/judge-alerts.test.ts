import { expect, it } from 'vitest'
import { judgeAlerts } from '../../../lambdas/domain/alerts/judge-alerts.ts'

const at = (text: string) => Date.parse(`${text}Z`)

it.each([
  ['is not due yet', 6, 30, '2026-11-25T06:29', undefined, []],
  ['is late today', 6, 30, '2026-11-25T06:30', undefined, ['2026-11-25']],
  ['came today', 6, 30, '2026-11-25T07:00', '2026-11-25T05:00', []],
  ['of yesterday is told of no more before it is due today', 6, 30, '2026-11-25T03:00', undefined, []],
  ['was due near midnight, where no look may have been', 23, 45, '2026-11-25T00:10', undefined, ['2026-11-24']],
  ['has a grace beyond midnight that lasts', 23, 120, '2026-11-25T00:30', undefined, []],
  ['has a grace beyond midnight that is over', 23, 120, '2026-11-25T01:00', undefined, ['2026-11-24']],
  ['came after midnight', 23, 120, '2026-11-25T01:30', '2026-11-25T00:50', []],
])('a file that %s', (_, hour, graceMinutes, now, newest, days) => {
  const alerts = judgeAlerts({
    nowMs: at(now),
    settings: { fileBy: { hour, graceMinutes } },
    templates: [],
    isFresh: true,
    newestFileAtMs: newest === undefined ? undefined : at(newest),
  })
  expect(alerts.map(({ message }) => /on (\S+) by/.exec(message)?.[1])).toEqual(days)
})
