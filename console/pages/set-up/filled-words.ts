// How far the filling of a gap is, summed over its calls, in sentences.
import type { BackfillAnswer } from '../../../contract/setup-answers.ts'
import { formatCount } from '../../words/format.ts'

export type Filled = Pick<BackfillAnswer, 'state' | 'messages' | 'events' | 'seen' | 'what_to_do'>

export const nothingFilled: Filled = {
  state: 'more',
  messages: 0,
  events: { stored: 0, duplicate: 0, changed: 0, unreadable: 0 },
  seen: '',
  what_to_do: '',
}

/** The state and the sentences are the last call's. */
export function addFilled(before: Filled, { state, messages, events, seen, what_to_do }: BackfillAnswer): Filled {
  return {
    state,
    messages: before.messages + messages,
    events: {
      stored: before.events.stored + events.stored,
      duplicate: before.events.duplicate + events.duplicate,
      changed: before.events.changed + events.changed,
      unreadable: before.events.unreadable + events.unreadable,
    },
    seen,
    what_to_do,
  }
}

export function filledWords({ state, messages, events, seen, what_to_do }: Filled): string {
  const counts = [
    `${formatCount(messages)} messages read, ${formatCount(events.stored)} events filled in`,
    ...(events.duplicate > 0 ? [`${formatCount(events.duplicate)} filled in before`] : []),
    ...(events.changed > 0 ? [`${formatCount(events.changed)} told otherwise before, which stand`] : []),
    ...(events.unreadable > 0 ? [`${formatCount(events.unreadable)} that cannot be kept`] : []),
  ].join(', ')
  switch (state) {
    case 'complete':
      return `The gap is filled: ${counts}.`
    case 'more':
      return `So far ${counts}.`
    case 'stopped':
      return `It stopped. ${seen} ${what_to_do}`.trim()
  }
}
