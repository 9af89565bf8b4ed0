// Custom events of files that were given an id: the content of the latest row stands, wherever the one before it stood and
// whichever of them is loaded first. Which row is the latest is a fact of the files, and the claim holds it.
//
// Of a new id the claim comes first, then the event, and only where nothing stands: who is killed between the two leaves a
// claim without an event, which counts for nothing and which the next to meet it completes. Other content takes the place of
// what stands in one transaction: claim, event, and a mark where the event was, so that nobody who is slow writes it there
// again. See decisions 14 and 17.
import { setTimeout } from 'node:timers/promises'
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { leftKind } from '../../contract/custom-event.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { FileEvent } from '../domain/files/row-order.ts'
import { batchGet } from './batch-get.ts'
import {
  type Arrivals,
  claimItem,
  groupArrivals,
  itemAt,
  makeStandings,
  placeOf,
  type Standing,
} from './event-claims.ts'
import { customEventSort } from './event-keys.ts'
import { isRace } from './is-race.ts'
import type { Key } from './key.ts'

/** What the claim of an id says, and whether its event is there: `not` when a mark or another event is, as after a change. */
export interface Claimed extends Standing {
  readonly event: 'there' | 'missing' | 'not'
}

type FileArrivals = Arrivals<FileEvent>

const maxRounds = 12
const pauseMs = 20
const writesAtOnce = 32

export function makeLatestEvents(client: DynamoDBClient, table: string) {
  const standings = makeStandings(client, table)

  /** What stands under ids that were given, by name; strongly consistent. */
  const read = async (arrivals: readonly Arrivals[]): Promise<Map<string, Claimed>> => {
    const claims = await standings.read(arrivals)
    const places = new Map(
      arrivals.flatMap((each): [string, Key][] => {
        const claim = claims.get(each.name)
        return claim === undefined ? [] : [[each.name, eventKey(claim.at, each)]]
      }),
    )
    const items = await batchGet(client, table, [...places.values()])
    const digests = new Map(items.map(({ pk, sk, kind, digest }) => [`${pk} ${sk}`, kind === leftKind ? '' : digest]))
    return new Map(
      [...places].flatMap(([name, { pk, sk }]) => {
        const claim = claims.get(name)
        if (claim === undefined) return []
        const digest = digests.get(`${pk} ${sk}`)
        const event = digest === undefined ? 'missing' : digest === claim.digest ? 'there' : 'not'
        return [[name, { ...claim, event }]]
      }),
    )
  }

  /** False when somebody else was faster: what stands has to be read anew. */
  const settle = async (org: OrgSlug, arrivals: FileArrivals, claimed: Claimed | undefined): Promise<boolean> => {
    const last = latestOf(arrivals.events)
    if (last === undefined) return true
    const place = placeOf(org, last)
    const claim = { key: arrivals.key, ...place, order: last.order }
    if (claimed === undefined) {
      const lost = await standings.claim([claim])
      return lost.size === 0 && putWhereNothingIs(itemAt(place, last))
    }
    const stands = claimed.order ?? ''
    if (claimed.event === 'missing' && claimed.digest === place.digest && stands === last.order) {
      return putWhereNothingIs(itemAt(claimed, last))
    }
    // A claim without its event counts for nothing, however late its row: who was killed may never come back.
    if (claimed.event !== 'there') return replace(claimed, claimItem(claim), itemAt(place, last), arrivals)
    if (claimed.digest === place.digest) return keepSame(claimed, last, place.atMs, arrivals)
    if (stands > last.order) return true
    return replace(claimed, claimItem(claim), itemAt(place, last), arrivals)
  }

  /** The same content stands: only the claim learns that a later row says it, and, of rows without a time, the earlier time stays. */
  const keepSame = async (
    claimed: Claimed,
    last: FileEvent,
    atMs: number,
    arrivals: FileArrivals,
  ): Promise<boolean> => {
    const { key } = arrivals
    const { at, digest, order: stands = '' } = claimed
    if (atMs < claimed.atMs) {
      const place = { at, digest, atMs }
      const later = stands > last.order ? claimed : last
      return replace(claimed, claimItem({ key, ...place, order: later.order }), itemAt(place, last), arrivals)
    }
    if (stands >= last.order) return true
    const Item = claimItem({ key, at, digest, atMs: claimed.atMs, order: last.order })
    return unlessRaced(new PutItemCommand({ TableName: table, Item, ...over(claimed) }))
  }

  const putWhereNothingIs = async (Item: ReturnType<typeof itemAt>): Promise<boolean> => {
    return unlessRaced(new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }))
  }

  const unlessRaced = async (command: PutItemCommand): Promise<boolean> => {
    try {
      await client.send(command)
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }

  const replace = async (
    before: Claimed,
    claim: ReturnType<typeof claimItem>,
    event: ReturnType<typeof itemAt>,
    arrivals: Pick<Arrivals, 'events'>,
  ): Promise<boolean> => {
    const mark = marshall({ ...eventKey(before.at, arrivals), kind: leftKind })
    const command = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: table, Item: claim, ...over(before) } },
        { Put: { TableName: table, Item: event } },
        ...(event.pk?.S === before.at ? [] : [{ Put: { TableName: table, Item: mark } }]),
      ],
    })
    try {
      await client.send(command)
      return true
    } catch (error) {
      if (isRace(error)) return false
      throw error
    }
  }

  /** Settles what nobody else is changing; answers the rest. */
  const settleAll = async (org: OrgSlug, pending: readonly FileArrivals[]): Promise<FileArrivals[]> => {
    const claimed = await read(pending)
    const lost: FileArrivals[] = []
    const waiting = pending.values()
    const lane = async () => {
      for (const each of waiting) if (!(await settle(org, each, claimed.get(each.name)))) lost.push(each)
    }
    await Promise.all(Array.from({ length: Math.min(writesAtOnce, pending.length) }, lane))
    return lost
  }

  return {
    read,

    /** @throws when the table cannot answer: each event then stands or does not, and may be given again */
    async keep(org: OrgSlug, events: readonly FileEvent[]): Promise<void> {
      let pending = groupArrivals(org, events)
      for (let round = 0; pending.length > 0; round++) {
        if (round === maxRounds)
          throw new Error(`${pending.length} event ids were changed by others ${maxRounds} times`)
        if (round > 0) await setTimeout(Math.random() * pauseMs * 2 ** Math.min(round, 5))
        pending = await settleAll(org, pending)
      }
    },
  }
}

function latestOf(events: readonly FileEvent[]): FileEvent | undefined {
  return events.reduce<FileEvent | undefined>(
    (last, each) => (last && last.order > each.order ? last : each),
    undefined,
  )
}

/** That the claim is still the one that was read. */
function over({ revision }: Standing) {
  return { ConditionExpression: 'revision = :over', ExpressionAttributeValues: marshall({ ':over': revision }) }
}

/** Where an event of these arrivals stands, in the partition that a claim names. */
function eventKey(pk: string, { events: [first] }: Pick<Arrivals, 'events'>): Key {
  if (first === undefined) throw new Error('nothing arrived under this id')
  return { pk, sk: customEventSort(first.event.source, first.event.eventId, true) }
}
