// Custom events of files that were given an id: the latest content stands, wherever the one before it stood.
//
// Of a new id the claim comes first, then the event, and only where nothing stands: who is killed between the two leaves a
// claim without an event, which counts for nothing and which the next to meet it completes. Other content takes the place of
// what stands in one transaction: claim, event, and a mark where the event was, so that nobody who is slow writes it there
// again. See decision 14.
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
import type { ReadEvent } from '../domain/read-custom-event.ts'
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

/** What the claim of an id says, and whether its event is there: `left` when only a mark is. */
export interface Claimed extends Standing {
  readonly event: 'there' | 'missing' | 'left'
}

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
    const kinds = new Map(items.map(({ pk, sk, kind }) => [`${pk} ${sk}`, kind]))
    return new Map(
      [...places].flatMap(([name, { pk, sk }]) => {
        const claim = claims.get(name)
        const kind = kinds.get(`${pk} ${sk}`)
        const event = kind === undefined ? 'missing' : kind === leftKind ? 'left' : 'there'
        return claim === undefined ? [] : [[name, { ...claim, event }]]
      }),
    )
  }

  /** False when somebody else was faster: what stands has to be read anew. */
  const settle = async (org: OrgSlug, arrivals: Arrivals, claimed: Claimed | undefined): Promise<boolean> => {
    const last = arrivals.events.at(-1)
    if (last === undefined) return true
    const place = placeOf(org, last)
    const claim = { key: arrivals.key, ...place }
    if (claimed === undefined) {
      const lost = await standings.claim([claim])
      return lost.size === 0 && putWhereNothingIs(itemAt(place, last))
    }
    if (claimed.digest === place.digest) {
      if (claimed.event === 'there') return true
      if (claimed.event === 'missing') return putWhereNothingIs(itemAt(claimed, last))
    }
    return replace(claimed, claimItem(claim), itemAt(place, last), arrivals)
  }

  const putWhereNothingIs = async (Item: ReturnType<typeof itemAt>): Promise<boolean> => {
    const command = new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' })
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
    arrivals: Arrivals,
  ): Promise<boolean> => {
    const over = {
      ConditionExpression: 'revision = :over',
      ExpressionAttributeValues: marshall({ ':over': before.revision }),
    }
    const mark = marshall({ ...eventKey(before.at, arrivals), kind: leftKind })
    const command = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: table, Item: claim, ...over } },
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
  const settleAll = async (org: OrgSlug, pending: readonly Arrivals[]): Promise<Arrivals[]> => {
    const claimed = await read(pending)
    const lost: Arrivals[] = []
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
    async keep(org: OrgSlug, events: readonly ReadEvent[]): Promise<void> {
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

/** Where an event of these arrivals stands, in the partition that a claim names. */
function eventKey(pk: string, { events: [first] }: Arrivals): Key {
  if (first === undefined) throw new Error('nothing arrived under this id')
  return { pk, sk: customEventSort(first.event.source, first.event.eventId, true) }
}
