// What stands under the ids of custom events: the claim of an id that was given, the event itself when its content names it.
import { randomUUID } from 'node:crypto'
import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { eventClaimSchema } from '../../contract/custom-event.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { ReadEvent } from '../domain/events/read-custom-event.ts'
import { batchGet } from './batch-get.ts'
import { toCustomEvent, toCustomItem } from './custom-item.ts'
import { customEventPartition, customEventSort, eventClaimKey } from './event-keys.ts'
import type { Key } from './key.ts'

/** Everything that arrived under one id. */
export interface Arrivals<E extends ReadEvent = ReadEvent> {
  /** The id was given, so a claim holds it. */
  readonly named: boolean
  /** Of the claim, or of the event that its content names. */
  readonly key: Key
  readonly name: string
  readonly events: readonly E[]
  /** Their places in the call. */
  readonly places: readonly number[]
}

export interface Standing {
  readonly digest: string
  /** Partition of the event. */
  readonly at: string
  readonly atMs: number
  /** Of a file's row. */
  readonly order?: string | undefined
  readonly revision?: string
}

/** Where an event stands, and what of it the claim says. */
export type Place = Pick<Standing, 'digest' | 'at' | 'atMs'>

/** A claim to take where nothing stands. */
export interface Claim extends Place {
  readonly key: Key
  /** Of a file's row. */
  readonly order?: string | undefined
}

/** Conditional writes at once: claims have no batch. */
const claimsAtOnce = 32

export function groupArrivals<E extends ReadEvent>(org: OrgSlug, events: readonly E[]): Arrivals<E>[] {
  const groups = new Map<string, { named: boolean; key: Key; name: string; events: E[]; places: number[] }>()
  for (const [place, each] of events.entries()) {
    const key = keyOf(org, each)
    const name = nameOf(key)
    const group = groups.get(name) ?? { named: each.named, key, name, events: [], places: [] }
    group.events.push(each)
    group.places.push(place)
    groups.set(name, group)
  }
  return [...groups.values()]
}

export function makeStandings(client: DynamoDBClient, table: string) {
  return {
    /** What stands under some ids, by name; strongly consistent. */
    async read(arrivals: readonly Arrivals[], signal?: AbortSignal): Promise<Map<string, Standing>> {
      const keys = arrivals.map(({ key }) => key)
      const items = await batchGet(client, table, keys, signal)
      return new Map(items.flatMap((item) => toStanding(item)))
    },

    /** Takes claims; answers the places of those that somebody else took first. */
    async claim(claims: readonly Claim[], signal?: AbortSignal): Promise<Set<number>> {
      const lost = new Set<number>()
      const waiting = claims.entries()
      const lane = async () => {
        for (const [at, claim] of waiting) if (!(await take(client, table, claim, signal))) lost.add(at)
      }
      await Promise.all(Array.from({ length: Math.min(claimsAtOnce, claims.length) }, lane))
      return lost
    },
  }
}

/** Where an event belongs, as it was read. */
export function placeOf(org: OrgSlug, { event, subject }: ReadEvent): Place {
  return { at: customEventPartition(org, subject), atMs: event.atMs, digest: event.digest }
}

/** An event where its claim says. `atMs` is that of the first writing: one that gives no time keeps that of its receipt. */
export function itemAt({ at, atMs }: Pick<Place, 'at' | 'atMs'>, { event, named }: ReadEvent) {
  return toCustomItem({ pk: at, sk: customEventSort(event.source, event.eventId, named) }, { ...event, atMs })
}

/** A claim as an item, with a revision that was never used before. */
export function claimItem({ key, at, atMs, digest, order }: Claim) {
  const revision = randomUUID().slice(0, 13)
  return marshall({ ...key, kind: 'claim', at, atMs, digest, ...(order !== undefined && { order }), revision })
}

/** False when somebody else has taken it. */
async function take(
  client: DynamoDBClient,
  table: string,
  claim: Claim,
  abortSignal: AbortSignal | undefined,
): Promise<boolean> {
  const Item = claimItem(claim)
  const command = new PutItemCommand({
    TableName: table,
    Item,
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })
  try {
    await client.send(command, { ...(abortSignal && { abortSignal }) })
    return true
  } catch (error) {
    // After an answer that was lost the SDK tries again and finds its own write.
    if (error instanceof ConditionalCheckFailedException) return error.Item?.revision?.S === Item.revision?.S
    throw error
  }
}

function toStanding(item: Record<string, unknown>): [string, Standing][] {
  const key = { pk: String(item.pk), sk: String(item.sk) }
  const claim = eventClaimSchema.safeParse(item)
  if (claim.success) return [[nameOf(key), claim.data]]
  const event = toCustomEvent(item)
  return event === undefined ? [] : [[nameOf(key), { digest: event.digest, at: key.pk, atMs: event.atMs }]]
}

function keyOf(org: OrgSlug, { event, subject, named }: ReadEvent): Key {
  if (named) return eventClaimKey(org, event.source, event.eventId)
  return { pk: customEventPartition(org, subject), sk: customEventSort(event.source, event.eventId, named) }
}

function nameOf({ pk, sk }: Key): string {
  return `${pk} ${sk}`
}
