// Names of columns as they are typed in the settings.
import { expect, it } from 'vitest'
import { problemOf } from '../../console/pages/settings/file-columns.ts'

it('has nothing against names of their own, nor against none', () => {
  const columns = [
    { member: 'user_id', column: 'customer_no' },
    { member: 'value', column: 'Total (gross)' },
  ] as const
  expect(problemOf(columns, 'user_id')).toBeUndefined()
  expect(problemOf(columns, 'value')).toBeUndefined()
  expect(problemOf(columns, 'email')).toBeUndefined()
})

it('says which other member has the same column, whatever its case', () => {
  const columns = [
    { member: 'user_id', column: 'Customer' },
    { member: 'email', column: ' customer ' },
  ] as const
  expect(problemOf(columns, 'user_id')).toBe('email has this column already.')
  expect(problemOf(columns, 'email')).toBe('user_id has this column already.')
})

it('refuses what the API refuses: only white space, or control characters', () => {
  expect(problemOf([{ member: 'name', column: '  ' }], 'name')).toBe('One line of text.')
  expect(problemOf([{ member: 'name', column: 'a\tb' }], 'name')).toBe('One line of text.')
})
