// When an import stands still, what is done about it, and when it is at work.
import { describe, expect, it } from 'vitest'
import { type FileImport, fileImportSchema } from '../../../contract/import.ts'
import { countAttempt, isAtWork, judgeImport } from '../../../lambdas/domain/files/judge-import.ts'

const minute = 60_000
const day = 1_440 * minute
const nowMs = 1_795_000_000_000
/** Times are minutes ago. */
const importOf = (status: 'planning' | 'loading', startedAgo: number, more: Partial<FileImport> = {}): FileImport =>
  fileImportSchema.parse({
    importId: 'i',
    org: 'acme',
    key: 'incoming/acme/events/dt=2026-11-18/a.csv',
    source: 'files',
    etag: 'x',
    sizeBytes: 1,
    modifiedAtMs: 0,
    status,
    startedAtMs: nowMs - startedAgo * minute,
    problems: [],
    ...more,
  })
const ago = (minutes: number) => nowMs - minutes * minute

describe('an import', () => {
  const quiet = { isQuiet: true, isLeft: true }
  const busy = { isQuiet: false, isLeft: true }
  it.each([
    ['being planned', importOf('planning', 19), undefined, quiet, 'none'],
    ['whose planner is gone', importOf('planning', 21), undefined, quiet, 'plan'],
    [
      'that was just planned again',
      importOf('planning', 60, { sentAtMs: ago(10), attempts: 1 }),
      undefined,
      quiet,
      'none',
    ],
    [
      'planned five times for nothing',
      importOf('planning', 200, { sentAtMs: ago(25), attempts: 5 }),
      undefined,
      quiet,
      'give up',
    ],
    ['taken up again after that', importOf('planning', day, { takenUpAtMs: ago(25) }), undefined, quiet, 'plan'],
    ['sent a minute ago', importOf('loading', 60, { sentAtMs: ago(1) }), undefined, quiet, 'none'],
    ['whose messages the queue lost', importOf('loading', 60, { sentAtMs: ago(3) }), undefined, quiet, 'send'],
    ['whose messages wait behind others', importOf('loading', 60, { sentAtMs: ago(20) }), undefined, busy, 'none'],
    ['that got no further behind others', importOf('loading', 60, { sentAtMs: ago(31) }), ago(32), busy, 'send'],
    ['that got further behind others', importOf('loading', 60, { sentAtMs: ago(31) }), ago(10), busy, 'none'],
    ['two days old that got further', importOf('loading', 2 * 1_440, { sentAtMs: ago(60) }), ago(1_430), busy, 'send'],
    [
      'a day without getting further',
      importOf('loading', 2 * 1_440, { sentAtMs: ago(60) }),
      ago(1_450),
      busy,
      'give up',
    ],
    [
      'a week old, taken up an hour ago',
      importOf('loading', 7 * 1_440, { takenUpAtMs: ago(60) }),
      ago(6_000),
      busy,
      'send',
    ],
    ['all loaded, not counted', importOf('loading', 60), ago(3), { ...busy, isLeft: false }, 'finish'],
    [
      'counted five times for nothing',
      importOf('loading', 200, { sentAtMs: ago(3), attempts: 5 }),
      ago(90),
      { ...busy, isLeft: false },
      'give up',
    ],
    [
      'whose passes get further',
      importOf('loading', 200, { sentAtMs: ago(9), attempts: 5 }),
      ago(3),
      { ...busy, isLeft: false },
      'finish',
    ],
  ] as const)('%s', (_what, of, progressAtMs, signs, remedy) => {
    expect(judgeImport(of, { ...signs, progressAtMs }, nowMs)).toBe(remedy)
  })

  it('counts its attempts anew once it gets further', () => {
    const of = importOf('loading', 60, { sentAtMs: ago(30), attempts: 4 })
    expect([countAttempt(of), countAttempt(of, ago(40)), countAttempt(of, ago(20))]).toEqual([5, 5, 1])
  })

  it.each([
    [importOf('loading', 60), ago(4), true],
    [importOf('loading', 60), ago(6), false],
    [importOf('loading', 1), undefined, false],
    [importOf('loading', 60, { takenUpAtMs: ago(29) }), undefined, true],
    [importOf('planning', 60, { takenUpAtMs: ago(31) }), undefined, false],
    [{ ...importOf('loading', 60, { takenUpAtMs: ago(1) }), status: 'failed' as const }, ago(1), false],
  ])('%#: at work or not', (of, progressAtMs, expected) => {
    expect(isAtWork(of, progressAtMs, nowMs)).toBe(expected)
  })
})
