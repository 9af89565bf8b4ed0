// What was seen of an org's calls that nothing else stores: events with a valid signature, refused ones and why, slow copy.
// One item per thing, hour and instance in the `events` table, written at most once a minute with what the instance has
// counted in that hour, so that a flood of calls becomes few writes. What an instance counted last may be missing.
import { randomBytes } from 'node:crypto'
import { type DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { expiresAt } from '../../contract/expiry.ts'
import type { OrgSlug, SourceRef } from '../../contract/ids.ts'
import { sightingSchema } from '../../contract/sighting.ts'
import { ttlAttribute } from '../../contract/tables.ts'
import { nameSource, type Sighting } from '../domain/health/health-facts.ts'
import { sightingKey, sightingPartition, sourceSightingKey } from './event-keys.ts'

/** Notes one, over what this instance noted before in the same hour; apart from the list, because the webhook carries it. */
export function makeSightingNotes(client: DynamoDBClient, table: string, instance = randomBytes(4).toString('hex')) {
  return async (
    org: OrgSlug,
    what: string,
    { atMs, count }: { readonly atMs: number; readonly count: number },
    abortSignal?: AbortSignal,
  ): Promise<void> => {
    const ttl = { [ttlAttribute]: expiresAt('sightings', atMs) }
    const Item = marshall({ ...sightingKey(org, what, atMs, instance), kind: 'sighting', what, atMs, count, ...ttl })
    await client.send(new PutItemCommand({ TableName: table, Item }), { ...(abortSignal && { abortSignal }) })
  }
}

/** Notes that an event came from a source, over what was noted before; `count` says nothing but that. */
export function makeSourceNotes(client: DynamoDBClient, table: string) {
  return async (org: OrgSlug, source: SourceRef, atMs: number, abortSignal: AbortSignal): Promise<void> => {
    const sighting = { kind: 'sighting', what: nameSource(source), atMs, count: 1 }
    const ttl = { [ttlAttribute]: expiresAt('sightings', atMs) }
    const Item = marshall({ ...sourceSightingKey(org, source), ...sighting, ...ttl })
    await client.send(new PutItemCommand({ TableName: table, Item }), { abortSignal })
  }
}

/** One entry per source, and per hour and other thing that was seen within the last days. */
export async function listSightings(client: DynamoDBClient, table: string, org: OrgSlug): Promise<Sighting[]> {
  const found: Sighting[] = []
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: marshall({ ':pk': sightingPartition(org) }),
  }
  for await (const page of paginateQuery({ client }, query)) {
    for (const item of page.Items ?? []) {
      // Earlier versions noted refusals without a count; they are gone after a week.
      const { data } = sightingSchema.safeParse(unmarshall(item))
      if (data !== undefined) found.push({ what: data.what, atMs: data.atMs, count: data.count })
    }
  }
  return found
}
