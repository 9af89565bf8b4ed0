// Customers' own events that are streamed, in the `events` table: each id keeps its first content, whoever sends it again. An
// id that was given is held by a claim, because the event itself stands under its person; an event without one is named by
// its content. First the claim, then the event: nobody ever replaces a claim, so whoever finds it may write its event again.
import { setTimeout } from 'node:timers/promises'
import type { DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { judgeArrivals, type Kept } from '../domain/events/judge-arrivals.ts'
import type { ReadEvent } from '../domain/events/read-custom-event.ts'
import { batchWrite } from './batch-write.ts'
import { type Arrivals, groupArrivals, itemAt, makeStandings, placeOf, type Standing } from './event-claims.ts'

export interface CustomEventStore {
  /**
   * Keeps events and answers what became of each, in order. Everything answered is stored.
   * @throws when the table cannot answer: each event is then stored or not, and may be given again
   */
  keep(org: OrgSlug, events: readonly ReadEvent[], signal?: AbortSignal): Promise<Kept[]>
}

const maxRounds = 12
const pauseMs = 20

interface Judged extends Arrivals {
  readonly kept: readonly Kept[]
  readonly write: ReadEvent | undefined
  readonly stands: Standing | undefined
}

export function makeCustomEventStore(client: DynamoDBClient, table: string): CustomEventStore {
  const standings = makeStandings(client, table)

  /** Keeps what nobody else is changing; answers the rest, to be read anew. */
  const keepOnce = async (
    org: OrgSlug,
    pending: readonly Arrivals[],
    signal: AbortSignal | undefined,
  ): Promise<{ done: Judged[]; lost: Arrivals[] }> => {
    const standing = await standings.read(pending, signal)
    const judged = pending.map((each): Judged => {
      const stands = standing.get(each.name)
      return { ...each, stands, ...judgeArrivals(each.events, stands?.digest) }
    })
    const claims = judged.filter(({ named, write }) => named && write !== undefined)
    const lostAt = await standings.claim(
      claims.flatMap(({ key, write }) => (write ? [{ key, stands: undefined, ...placeOf(org, write) }] : [])),
      signal,
    )
    const lost = new Set(claims.filter((_, at) => lostAt.has(at)))
    const done = judged.filter((each) => !lost.has(each))
    await batchWrite(
      client,
      table,
      done.flatMap((each) => requestsFor(org, each)),
      signal,
    )
    return { done, lost: [...lost] }
  }

  return {
    async keep(org, events, signal) {
      const kept: Kept[] = []
      let pending: readonly Arrivals[] = groupArrivals(org, events)
      for (let round = 0; pending.length > 0; round++) {
        if (round === maxRounds)
          throw new Error(`${pending.length} event ids were changed by others ${maxRounds} times`)
        if (round > 0) await setTimeout(Math.random() * pauseMs * 2 ** Math.min(round, 5))
        const { done, lost } = await keepOnce(org, pending, signal)
        for (const each of done) {
          for (const [at, what] of each.kept.entries()) kept[each.places[at] ?? -1] = what
        }
        pending = lost
      }
      return kept
    },
  }
}

function requestsFor(org: OrgSlug, { events, named, write, stands }: Judged): WriteRequest[] {
  if (write !== undefined) return [put(placeOf(org, write), write)]
  // The claim stands, but whoever made it may have crashed before it wrote the event.
  const same = events.find(({ event }) => event.digest === stands?.digest)
  return named && stands !== undefined && same !== undefined ? [put(stands, same)] : []
}

function put(place: Pick<Standing, 'at' | 'atMs'>, read: ReadEvent): WriteRequest {
  return { PutRequest: { Item: itemAt(place, read) } }
}
