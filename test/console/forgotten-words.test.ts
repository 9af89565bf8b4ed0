// What the console tells of the forgetting of a person.
import { expect, it } from 'vitest'
import { forgottenWords } from '../../console/pages/activity/forgotten-words.ts'
import type { ErasedAnswer } from '../../contract/event-answers.ts'

const answer: ErasedAnswer = {
  id: 'e1',
  status: 'complete',
  erased: { outcomes: 2, events: 1_200, set_aside: 0, rejected_rows: 0, files: 0 },
  waits_for: '',
  kept_files: { count: 0, keys: [], gone_by: null },
  next: null,
}

it('tells what was removed, and nothing else when that is all', () => {
  expect(forgottenWords(answer)).toEqual(['The person is forgotten.', 'Removed: 1,200 events, 2 outcomes.'])
})

it('tells what it waits for, and that files may still hold rows', () => {
  const kept = { count: 3, keys: ['a'], gone_by: '2026-12-01T00:00:00.000Z' }
  const said = forgottenWords({ ...answer, status: 'partial', waits_for: 'A file is being loaded.', kept_files: kept })
  expect(said[0]).toBe('Not everything is removed yet: press again to go on.')
  expect(said[2]).toBe('It waits: A file is being loaded.')
  expect(said[3]).toMatch(/^3 files that were dropped may hold rows of them. The last of them is gone by/)
})

it('tells when nothing was stored', () => {
  const nothing = { outcomes: 0, events: 0, set_aside: 0, rejected_rows: 0, files: 0 }
  expect(forgottenWords({ ...answer, erased: nothing })[1]).toBe('Nothing was stored of them.')
})
