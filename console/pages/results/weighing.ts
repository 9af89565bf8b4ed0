// Why the copies have the weights they have, in a sentence.
import type { Basis } from '../../../contract/allocation.ts'
import type { Judgement } from '../../../contract/comparison.ts'

const sentences: Readonly<Record<Basis, string>> = {
  learned: 'Copies are drawn by the chance of each to be the best.',
  fixed: 'Copies are drawn by the weights that the template’s settings give.',
  uniform: 'Copies are drawn alike, as the template’s settings ask.',
  too_few_sends: 'Copies are drawn alike until each has enough sends whose events have had their time.',
  no_variance: 'Copies are drawn alike until the first of their sends has the key metric.',
  never_together: 'Copies are drawn alike, because they were never sent in the same period.',
  floor_takes_all: 'Copies are drawn alike, because the least weight of each leaves nothing to learn with.',
  all_stopped: 'No copy is drawn: all of them were stopped.',
}

export function weighingOf(allocation: Judgement['allocation']): string {
  return allocation === null ? 'Copies are drawn alike so far.' : sentences[allocation.basis]
}
