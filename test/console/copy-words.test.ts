// Copy as people read and write it: variables in reading order, versions of one copy, and the person of a preview.
import { describe, expect, it } from 'vitest'
import { readPerson, textIn, withValue } from '../../console/pages/copy/person.ts'
import { inReadingOrder } from '../../console/pages/copy/variable-order.ts'
import { newestVersions, versionBefore } from '../../console/pages/copy/versions.ts'

describe('variables', () => {
  it('stand as a reader meets them, those of other names after them by alphabet', () => {
    expect(inReadingOrder(['cta', 'body', 'a_line', 'Subject', 'preheader'])).toEqual([
      'Subject',
      'preheader',
      'body',
      'a_line',
      'cta',
    ])
  })
})

describe('versions', () => {
  const ids = ['offer', 'welcome', 'welcome-2', 'welcome-10', 'welcome_warm']

  it('follow their number, and never another copy', () => {
    expect(versionBefore('welcome-10', ids)).toBe('welcome-2')
    expect(versionBefore('welcome-2', ids)).toBe('welcome')
    for (const first of ['welcome', 'offer', 'welcome_warm']) expect(versionBefore(first, ids)).toBeUndefined()
  })

  it('are what is compared at first; without any, the first two copies', () => {
    expect(newestVersions(ids)).toEqual(['welcome-2', 'welcome-10'])
    expect(newestVersions(['a', 'b', 'c'])).toEqual(['a', 'b'])
  })
})

describe('the person of a preview', () => {
  it('takes what is typed into its JSON, and loses what is emptied', () => {
    const typed = withValue('{ "first_name": "Ann", "age": 3 }', 'first_name', 'Bea "B"')
    expect(JSON.parse(typed)).toEqual({ first_name: 'Bea "B"', age: 3 })
    expect(textIn(typed, 'first_name')).toBe('Bea "B"')
    expect(textIn(typed, 'age')).toBe('3')
    expect(JSON.parse(withValue(typed, 'first_name', ''))).toEqual({ age: 3 })
    for (const name of ['constructor', '__proto__', 'none']) expect(textIn(typed, name)).toBe('')
  })

  it('is none while its JSON is not one object each', () => {
    expect(readPerson({ fields: '[1]', attrs: '{}' })).toBeUndefined()
    expect(readPerson({ fields: '{', attrs: '{}' })).toBeUndefined()
    expect(readPerson({ fields: '', attrs: '{"plan":"pro"}' })).toEqual({ fields: {}, attrs: { plan: 'pro' } })
  })
})
