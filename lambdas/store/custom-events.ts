// Customers' own events in the `events` table: each id has one content, whoever sends it again. An id that was given is held
// by a claim, because the event itself stands under its person; an event without one is named by its content.
//
// A source is written in one mode only. `first`: claim, then event; nobody ever replaces a claim, so whoever finds it may
// write its event again. `latest`: event, then claim; whoever finds another claim than it read starts over, so the claim
// that stands in the end is of the event that was written last.
import { setTimeout } from 'node:timers/promises'
import type { DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { judgeArrivals, type KeepMode, type Kept } from '../domain/judge-arrivals.ts'
import type { ReadEvent } from '../domain/read-custom-event.ts'
import { batchWrite } from './batch-write.ts'
import { toCustomItem } from './custom-item.ts'
import { type Arrivals, groupArrivals, makeStandings, type Standing } from './event-claims.ts'
import { customEventPartition, customEventSort } from './event-keys.ts'

export interface CustomEventStore {
  /**
   * Keeps events and answers what became of each, in order. Everything answered is stored.
   * @throws when the table cannot answer: each event is then stored or not, and may be given again
   */
  keep(org: OrgSlug, events: readonly ReadEvent[], mode: KeepMode, signal?: AbortSignal): Promise<Kept[]>
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
    mode: KeepMode,
    signal: AbortSignal | undefined,
  ): Promise<{ done: Judged[]; lost: Arrivals[] }> => {
    const standing = await standings.read(pending, signal)
    const judged = pending.map((each): Judged => {
      const stands = standing.get(each.name)
      return { ...each, stands, ...judgeArrivals(each.events, stands?.digest, mode) }
    })
    const claims = judged.filter(({ named, write }) => named && write !== undefined)
    const takeClaims = () =>
      standings.claim(
        claims.flatMap(({ key, write, stands }) => (write ? [{ key, stands, ...placeOf(org, write) }] : [])),
        signal,
      )
    const writeEvents = (each: readonly Judged[]) =>
      batchWrite(
        client,
        table,
        each.flatMap((one) => requestsFor(org, one, mode)),
        signal,
      )
    if (mode === 'latest') await writeEvents(judged)
    const lostAt = await takeClaims()
    const lost = new Set(claims.filter((_, at) => lostAt.has(at)))
    const done = judged.filter((each) => !lost.has(each))
    if (mode === 'first') await writeEvents(done)
    return { done, lost: [...lost] }
  }

  return {
    async keep(org, events, mode, signal) {
      const kept: Kept[] = []
      let pending: readonly Arrivals[] = groupArrivals(org, events)
      for (let round = 0; pending.length > 0; round++) {
        if (round === maxRounds)
          throw new Error(`${pending.length} event ids were changed by others ${maxRounds} times`)
        if (round > 0) await setTimeout(Math.random() * pauseMs * 2 ** Math.min(round, 5))
        const { done, lost } = await keepOnce(org, pending, mode, signal)
        for (const each of done) {
          for (const [at, what] of each.kept.entries()) kept[each.places[at] ?? -1] = what
        }
        pending = lost
      }
      return kept
    },
  }
}

/** Where an event stands, and what of it the claim says. */
function placeOf(org: OrgSlug, { event, subject }: ReadEvent) {
  return { at: customEventPartition(org, subject), atMs: event.atMs, digest: event.digest }
}

function requestsFor(org: OrgSlug, { events, named, write, stands }: Judged, mode: KeepMode): WriteRequest[] {
  if (write !== undefined) {
    const { at } = placeOf(org, write)
    const old = named && stands !== undefined && stands.at !== at ? [removal(stands.at, write)] : []
    return [put(at, write, write.event.atMs), ...old]
  }
  // The claim stands, but whoever made it may have crashed before it wrote the event.
  const same = events.find(({ event }) => event.digest === stands?.digest)
  if (mode === 'latest' || !named || stands === undefined || same === undefined) return []
  return [put(stands.at, same, stands.atMs)]
}

/** `atMs` is that of the first writing: an event that gives no time keeps the one of its first receipt. */
function put(pk: string, { event, named }: ReadEvent, atMs: number): WriteRequest {
  const key = { pk, sk: customEventSort(event.source, event.eventId, named) }
  return { PutRequest: { Item: toCustomItem(key, { ...event, atMs }) } }
}

function removal(pk: string, { event, named }: ReadEvent): WriteRequest {
  return { DeleteRequest: { Key: { pk: { S: pk }, sk: { S: customEventSort(event.source, event.eventId, named) } } } }
}
