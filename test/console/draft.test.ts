// A copy while it is written, and what the API is given of it.
import { describe, expect, it } from 'vitest'
import { type CopyDraft, copyOf, draftOf, emptyDraft, problemsOf } from '../../console/pages/copy/draft.ts'
import type { CopyAnswer } from '../../contract/template-answers.ts'

const copy: CopyAnswer = {
  copy_id: 'warm',
  status: 'active',
  arm: 'control',
  vars: { subject: 'Hi', body: '' },
  attrs: { plan: ['pro', 'team'] },
}
const draft = (changes: Partial<CopyDraft>): CopyDraft => ({ ...emptyDraft, ...changes })

describe('a draft', () => {
  it('of a stored copy gives that copy again', () => {
    const { arm, vars, attrs } = copy
    expect(copyOf(draftOf(copy))).toEqual({ arm, vars, attrs })
  })

  it('leaves out rows that were begun and left empty', () => {
    const begun = draft({
      vars: [
        { name: 'subject', text: 'Hi' },
        { name: '', text: '' },
      ],
      attrs: [{ name: 'plan', values: [] }],
    })
    expect(copyOf(begun)).toMatchObject({ vars: { subject: 'Hi' }, attrs: {} })
    expect(problemsOf(begun)).toEqual([])
  })

  it.each<[string, Partial<CopyDraft>, string]>([
    ['no variable', { vars: [] }, 'at least one variable'],
    [
      'a text without a name',
      {
        vars: [
          { name: 'a', text: '' },
          { name: '', text: 'x' },
        ],
      },
      'no variable name',
    ],
    [
      'a name twice',
      {
        vars: [
          { name: 'a', text: '' },
          { name: 'a', text: 'x' },
        ],
      },
      'a is there twice',
    ],
    ['a name that Liquid cannot read', { vars: [{ name: '1st', text: 'x' }] }, '1st cannot name a variable'],
    ['values of no attribute', { attrs: [{ name: '', values: ['x'] }] }, 'no attribute name'],
  ])('is not ready with %s', (_what, changes, problem) => {
    expect(problemsOf(draft(changes)).join(' ')).toContain(problem)
  })
})
