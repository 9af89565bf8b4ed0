// The chances of a copy in words. They rest on a normal posterior, which says impossible things of a few sends.
import type { ComparedCopy } from '../../../contract/comparison.ts'
import { leastSendsToDecide } from '../../../contract/limits.ts'
import { formatShare } from '../../words/format.ts'

export interface Chances {
  readonly beatsControl: string
  readonly lossByShipping: string
}

/** @param sends of the copy or of control, whichever has fewer */
export function chancesOf(lift: ComparedCopy['lift'], sends: number): Chances {
  if (lift === null || sends < leastSendsToDecide) {
    return { beatsControl: '–, too few sends', lossByShipping: '–, too few sends' }
  }
  // Nothing can fall by more than all of it.
  const loss = Math.min(1, lift.expected_loss.switching)
  return { beatsControl: formatShare(lift.chance_to_beat_control), lossByShipping: formatShare(loss) }
}
