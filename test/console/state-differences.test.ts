// What the log of changes shows of two states, and what a form sends of what was typed.
import { describe, expect, it } from 'vitest'
import { differencesOf } from '../../console/pages/settings/state-differences.ts'
import { changesOf, withRow } from '../../console/parts/changes.ts'

describe('the log of changes', () => {
  it('shows the members that differ alone, what is new and what is gone', () => {
    const before = { name: 'Old', floor: 0.1, weights: [1, 2], gone: true }
    const after = { name: 'New', floor: 0.1, weights: [1, 3], made: 0, without: null, none: [] }
    expect(differencesOf(before, after)).toEqual([
      { name: 'name', before: 'Old', after: 'New' },
      { name: 'weights', before: '[1,2]', after: '[1,3]' },
      { name: 'gone', before: 'true', after: undefined },
      { name: 'made', before: undefined, after: '0' },
    ])
  })

  it('shows all of what was made, and nothing of what stayed', () => {
    expect(differencesOf(null, { name: 'x' })).toEqual([{ name: 'name', before: undefined, after: 'x' }])
    expect(differencesOf({ name: 'x' }, { name: 'x' })).toEqual([])
  })
})

it('sends only what was changed, lists by their content', () => {
  const saved = { name: 'a', weights: [{ id: 'x', weight: 1 }], floor: 0.1 }
  expect(changesOf({ ...saved, weights: [{ id: 'x', weight: 1 }] }, saved)).toEqual({})
  expect(changesOf({ ...saved, weights: [{ id: 'x', weight: 2 }], name: 'b' }, saved)).toEqual({
    name: 'b',
    weights: [{ id: 'x', weight: 2 }],
  })
})

it('changes one row of a list, or takes it away, and leaves the others', () => {
  const rows = [
    { a: 1, b: 1 },
    { a: 2, b: 2 },
  ]
  expect(withRow(rows, 1, { a: 5 })).toEqual([
    { a: 1, b: 1 },
    { a: 5, b: 2 },
  ])
  expect(withRow(rows, 0, undefined)).toEqual([{ a: 2, b: 2 }])
})
