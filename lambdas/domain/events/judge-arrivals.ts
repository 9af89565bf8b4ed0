// What becomes of streamed events that arrive together, given what stands under their ids: as if they came one after the other.
// The first content of an id stays.
import type { CustomEvent } from '../../../contract/custom-event.ts'
import type { ReadEvent } from './read-custom-event.ts'

/** `duplicate`: the same content stands already. `conflict`: other content stands and stays. */
export type Kept = 'stored' | 'duplicate' | 'conflict'

export interface Judged<E extends ReadEvent = ReadEvent> {
  /** One per arrival, in order. */
  readonly kept: readonly Kept[]
  /** The content of the id; undefined when what stood before still does. */
  readonly write: E | undefined
}

/** @param arrivals events of one source and id, in order @param standing the digest that stands under the id */
export function judgeArrivals<E extends ReadEvent>(
  arrivals: readonly E[],
  standing: CustomEvent['digest'] | undefined,
): Judged<E> {
  const write = standing === undefined ? arrivals[0] : undefined
  const stays = standing ?? write?.event.digest
  const kept = arrivals.map((arrival): Kept => {
    if (arrival === write) return 'stored'
    return arrival.event.digest === stays ? 'duplicate' : 'conflict'
  })
  return { kept, write }
}
