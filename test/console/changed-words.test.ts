// What the comparison of two copies shows as changed.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changedWords, type Run } from '../../console/pages/copy/changed-words.ts'

/** Taken away words in brackets, new ones in angles. */
function shown(before: string, after: string): string {
  const marks: Record<Run['kind'], (text: string) => string> = {
    same: (text) => text,
    taken: (text) => `[${text}]`,
    new: (text) => `<${text}>`,
  }
  return changedWords(before, after)
    .map(({ kind, text }) => marks[kind](text))
    .join('')
}

it.each([
  ['Welcome to Acme!', 'Welcome back to Acme!', 'Welcome <back >to Acme!'],
  [
    'Hi there, one small thing for you',
    'Hi there, two big things for you',
    'Hi there, [one small thing]<two big things> for you',
  ],
  ['Your account is ready', '{{ first_name }}, it is time', '[Your account is ready]<{{ first_name }}, it is time>'],
  ['', 'New', '<New>'],
  ['Old', '', '[Old]'],
  ['As it was', 'As it was', 'As it was'],
  ['', '', ''],
])('from "%s" to "%s" shows %s', (before, after, expected) => expect(shown(before, after)).toBe(expected))

it('loses no character of either text, and shows no two changes of a kind side by side', () => {
  const text = fc
    .array(fc.constantFrom('Hi', 'you', '{{', 'name', '}}', ',', ' ', '  ', '\n'), { maxLength: 12 })
    .map((words) => words.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const runs = changedWords(before, after)
      const without = (kind: Run['kind']) => runs.filter((run) => run.kind !== kind).map((run) => run.text)
      expect(without('new').join('')).toBe(before)
      expect(without('taken').join('')).toBe(after)
      expect(runs.some(({ kind }, at) => kind === runs[at + 1]?.kind)).toBe(false)
    }),
  )
})
