// What is said of a gap while it is filled, call by call.
import { expect, it } from 'vitest'
import { addFilled, filledWords, nothingFilled } from '../../console/pages/set-up/filled-words.ts'
import type { BackfillAnswer } from '../../contract/setup-answers.ts'

const answer = (over: Partial<BackfillAnswer>): BackfillAnswer => ({
  state: 'more',
  messages: 1_200,
  events: { stored: 900, duplicate: 0, changed: 0, unreadable: 0 },
  next: 'n',
  seen: 'seen',
  what_to_do: '',
  ...over,
})

it('sums the calls of one gap, and ends with what the last one came to', () => {
  const first = addFilled(nothingFilled, answer({}))
  expect(filledWords(first)).toBe('So far 1,200 messages read, 900 events filled in.')
  const events = { stored: 1, duplicate: 3, changed: 2, unreadable: 4 }
  const last = addFilled(first, answer({ state: 'complete', messages: 5, events, next: null }))
  expect(filledWords(last)).toBe(
    'The gap is filled: 1,205 messages read, 901 events filled in, 3 filled in before, 2 told otherwise before, which stand, 4 that cannot be kept.',
  )
  const stopped = answer({ state: 'stopped', seen: 'Customer.io refused the key.', what_to_do: 'Store another.' })
  expect(filledWords(addFilled(first, stopped))).toBe('It stopped. Customer.io refused the key. Store another.')
})
