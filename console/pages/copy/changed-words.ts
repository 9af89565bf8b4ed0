// What changed from one text to another, in runs that can be read: what is taken away, then what is new.
import { diffWordsWithSpace } from 'diff'

export interface Run {
  readonly kind: 'same' | 'taken' | 'new'
  readonly text: string
}

/** Least part of the longer text that both must have, for what they share to be worth showing within the changes. */
const leastShared = 0.3

/** Runs of `same` and `taken` make `before`, those of `same` and `new` make `after`; none is the same in texts that share little. */
export function changedWords(before: string, after: string): Run[] {
  const words = diffWordsWithSpace(before, after)
  const isChange = (at: number) => words[at] !== undefined && (words[at].added || words[at].removed)
  const runs: Run[] = []
  let [taken, added, shared] = ['', '', 0]
  const endChange = () => {
    if (taken !== '') runs.push({ kind: 'taken', text: taken })
    if (added !== '') runs.push({ kind: 'new', text: added })
    ;[taken, added] = ['', '']
  }
  for (const [at, { value, added: isAdded, removed: isRemoved }] of words.entries()) {
    const isBetween = value.trim() === '' && isChange(at - 1) && isChange(at + 1)
    if (!isAdded && !isRemoved && !isBetween) {
      endChange()
      runs.push({ kind: 'same', text: value })
      shared += inkOf(value)
    } else {
      if (!isAdded) taken += value
      if (!isRemoved) added += value
    }
  }
  endChange()
  const longer = Math.max(inkOf(before), inkOf(after))
  return shared < leastShared * longer ? bothTexts(before, after) : runs
}

function bothTexts(before: string, after: string): Run[] {
  const both: Run[] = [
    { kind: 'taken', text: before },
    { kind: 'new', text: after },
  ]
  return both.filter(({ text }) => text !== '')
}

/** Characters that are seen. */
function inkOf(text: string): number {
  return text.replaceAll(/\s/g, '').length
}
