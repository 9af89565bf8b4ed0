// What becomes of events that arrive together, given what stands under their ids: as if they came one after the other, and
// with no more writes than the last of each id needs.
import type { CustomEvent } from '../../contract/custom-event.ts'
import type { ReadEvent } from './read-custom-event.ts'

/** Streams keep the first content of an id; files the latest, so that a corrected row replaces the one before. */
export type KeepMode = 'first' | 'latest'

/**
 * `duplicate`: the same content stands already (`unchanged` when it stood before the call, in files). `conflict`: other
 * content stands and stays. `changed`: other content stood and was replaced.
 */
export type Kept = 'stored' | 'duplicate' | 'conflict' | 'changed' | 'unchanged'

export interface Judged<E extends ReadEvent = ReadEvent> {
  /** One per arrival, in order. */
  readonly kept: readonly Kept[]
  /** The content of the id once all have arrived; undefined when what stood before still does. */
  readonly write: E | undefined
}

/** @param arrivals events of one source and id, in order @param standing the digest that stands under the id */
export function judgeArrivals<E extends ReadEvent>(
  arrivals: readonly E[],
  standing: CustomEvent['digest'] | undefined,
  mode: KeepMode,
): Judged<E> {
  const kept: Kept[] = []
  let current = standing
  let write: E | undefined
  for (const arrival of arrivals) {
    const { digest } = arrival.event
    if (current === undefined) kept.push('stored')
    else if (current === digest) kept.push(mode === 'latest' && write === undefined ? 'unchanged' : 'duplicate')
    else kept.push(mode === 'latest' ? 'changed' : 'conflict')
    if (current !== undefined && (current === digest || mode === 'first')) continue
    current = digest
    write = arrival
  }
  return { kept, write: current === standing ? undefined : write }
}
