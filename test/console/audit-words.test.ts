// The log of changes as people read it.
import { expect, it } from 'vitest'
import { deedOf, sayValue, thingOf, whoOf } from '../../console/pages/settings/audit-words.ts'
import { formatInstant } from '../../console/words/format.ts'

const entry = (what: string, after: Record<string, unknown> | null = {}) => ({ what, before: null, after })

it.each([
  ['template:welcome', { name: 'Welcome e-mail' }, 'Template “Welcome e-mail”'],
  ['template:welcome', {}, 'Template welcome'],
  ['destination:d1', { url: 'https://a.test/x' }, 'Address of alerts “https://a.test/x”'],
  ['settings', { name: 'Acme' }, 'Settings of the organisation'],
  ['backfill:23', {}, 'Gap filled of campaign 23'],
  ['erasure:9f', {}, 'A person was forgotten'],
  ['something:new', {}, 'something:new'],
])('names %s', (what, after, words) => {
  expect(thingOf(entry(what, after))).toBe(words)
})

it('tells what was made, changed and removed', () => {
  expect(deedOf({ what: 'key:1', before: null, after: {} })).toBe('made')
  expect(deedOf({ what: 'key:1', before: {}, after: {} })).toBe('changed')
  expect(deedOf({ what: 'key:1', before: {}, after: null })).toBe('removed')
})

it('names who did it: oneself, a colleague, a key by its name, a command', () => {
  const known = { subject: 's1', keys: new Map([['k1', 'Everything']]) }
  expect(whoOf('user:s1', known)).toBe('you')
  expect(whoOf('user:s2', known)).toBe('a colleague (s2)')
  expect(whoOf('key:k1', known)).toBe('the API key “Everything”')
  expect(whoOf('key:k2', known)).toBe('the API key k2')
  expect(whoOf('command:limit', known)).toBe('an operator, by the command limit')
})

it('says values without JSON where there is a word for them', () => {
  expect(sayValue('["no_data","guardrail"]')).toBe('no_data, guardrail')
  expect(sayValue('null')).toBe('nothing')
  expect(sayValue('true')).toBe('yes')
  expect(sayValue('2026-11-25T08:46:52.407Z')).toBe(formatInstant('2026-11-25T08:46:52.407Z', 'second'))
  expect(sayValue('x'.repeat(3_000))).toMatch(/^x{600}… \(3,000 characters\)$/)
  for (const text of ['{"hours":6}', '["a', '[1,2]', 'plain']) expect(sayValue(text)).toBe(text)
})
