// Bodies set aside, in the `events` table: the raw bytes, why, and when. Named by the digest of the bytes, so the same body
// sent again is the same item; the head is written after the parts, so a head means that the body is whole.
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { expiresAt } from '../../contract/expiry.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { maxStoredBodyBytes } from '../../contract/limits.ts'
import { type Quarantined, quarantinedSchema } from '../../contract/quarantined.ts'
import type { QuarantineReason } from '../../contract/reporting-event.ts'
import { quarantineShards, ttlAttribute } from '../../contract/tables.ts'
import { batchGet } from './batch-get.ts'
import {
  parseQuarantineTimeSort,
  quarantineKey,
  quarantinePartition,
  quarantineTimeKey,
  quarantineTimes,
} from './event-keys.ts'

export interface SetAside {
  readonly digest: string
  readonly reasons: Quarantined['reasons']
  readonly receivedAtMs: number
  readonly bodyBytes: number
}

export interface QuarantinePage {
  readonly bodies: readonly SetAside[]
  /** Give it back for the next page; absent on the last one. */
  readonly next?: string
}

export interface Quarantine {
  /** Keeps a body, once, and answers its digest. @throws what the SDK throws; it may be given again then. */
  setAside(
    org: OrgSlug,
    bytes: Uint8Array,
    reasons: readonly QuarantineReason[],
    receivedAtMs: number,
    signal: AbortSignal,
  ): Promise<string>
  /** A body as it came, with why it was set aside. */
  find(org: OrgSlug, digest: string): Promise<(SetAside & { readonly bytes: Uint8Array }) | undefined>
  /** Takes a body out, with its parts and its place in the list; the head last, so that a crash leaves it to be found. */
  remove(org: OrgSlug, digest: string): Promise<void>
  /** Newest first. */
  list(org: OrgSlug, limit: number, next?: string): Promise<QuarantinePage>
}

/** Larger bodies lie in parts, so that a page of a list never reads many of them. */
const maxBytesInHead = 16_384
const partsAtOnce = 4

/** The name of a body: SHA-256 of its bytes, base64url. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url')
}

export function makeQuarantine(client: DynamoDBClient, table: string): Quarantine {
  const put = (item: Record<string, unknown>, signal: AbortSignal) =>
    client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }), { abortSignal: signal })

  return {
    async setAside(org, bytes, reasons, receivedAtMs, signal) {
      const digest = digestOf(bytes)
      const ttl = { [ttlAttribute]: expiresAt('quarantine', receivedAtMs) }
      // Speed before size: a caller waits, and a body may be megabytes.
      const zipped = gzipSync(bytes, { level: 1 })
      const parts = zipped.byteLength > maxBytesInHead ? cut(zipped) : []
      await putParts(client, table, signal, org, digest, parts, ttl)
      const firstAtMs = await putHead(client, table, signal, {
        ...quarantineKey(org, digest),
        kind: 'quarantine',
        reasons,
        receivedAtMs,
        bodyBytes: bytes.byteLength,
        parts: parts.length,
        ...ttl,
        ...(parts.length === 0 && { raw: zipped }),
      })
      await put(
        { ...quarantineTimeKey(org, digest, firstAtMs ?? receivedAtMs), kind: 'quarantine_time', ...ttl },
        signal,
      )
      return digest
    },

    async find(org, digest) {
      const [item] = await batchGet(client, table, [quarantineKey(org, digest)])
      if (item === undefined) return undefined
      const { raw, parts, reasons, receivedAtMs, bodyBytes } = quarantinedSchema.parse(item)
      const zipped = raw ?? (await readParts(client, table, org, digest, parts))
      const bytes = gunzipSync(zipped)
      if (digestOf(bytes) !== digest) throw new Error('a body set aside does not have the digest it is named by')
      return { digest, reasons, receivedAtMs, bodyBytes, bytes }
    },

    async remove(org, digest) {
      const [item] = await batchGet(client, table, [quarantineKey(org, digest)])
      if (item === undefined) return
      const { parts, receivedAtMs } = quarantinedSchema.parse(item)
      const keys = Array.from({ length: parts }, (_, at) => quarantineKey(org, digest, at + 1))
      for (const key of [...keys, quarantineTimeKey(org, digest, receivedAtMs), quarantineKey(org, digest)]) {
        await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(key) }))
      }
    },

    async list(org, limit, next) {
      const shards = Array.from({ length: quarantineShards }, (_, shard) => quarantinePartition(org, shard))
      const found = await Promise.all(shards.map((pk) => timesBefore(client, table, pk, limit + 1, next)))
      const times = found.flat().sort().reverse()
      const page = times.slice(0, limit)
      const digests = page.flatMap((sk) => parseQuarantineTimeSort(sk) ?? [])
      const items = await batchGet(
        client,
        table,
        digests.map((digest) => quarantineKey(org, digest)),
      )
      const heads = new Map(items.map((item) => [item.sk, quarantinedSchema.parse(item)]))
      const bodies = digests.flatMap((digest) => {
        const head = heads.get(digest)
        if (head === undefined) return []
        return [{ digest, reasons: head.reasons, receivedAtMs: head.receivedAtMs, bodyBytes: head.bodyBytes }]
      })
      const last = page.at(-1)
      return { bodies, ...(times.length > limit && last !== undefined && { next: last }) }
    },
  }
}

/** Writes the head unless it is there. Answers when it was written before, if it was. */
async function putHead(
  client: DynamoDBClient,
  table: string,
  signal: AbortSignal,
  head: Record<string, unknown>,
): Promise<number | undefined> {
  const put = new PutItemCommand({
    TableName: table,
    Item: marshall(head),
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })
  try {
    await client.send(put, { abortSignal: signal })
    return undefined
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return Number(error.Item?.receivedAtMs?.N)
    throw error
  }
}

/**
 * Writes the parts that are not there yet, a few at a time: a body too large for the time of one request is whole after
 * some more, since each adds to what the last one wrote.
 */
async function putParts(
  client: DynamoDBClient,
  table: string,
  signal: AbortSignal,
  org: OrgSlug,
  digest: string,
  parts: readonly Uint8Array[],
  ttl: Readonly<Record<string, number>>,
): Promise<void> {
  if (parts.length === 0) return
  const items = parts.map((raw, at) => ({
    ...quarantineKey(org, digest, at + 1),
    kind: 'quarantine_part',
    raw,
    ...ttl,
  }))
  const present = await partsPresent(client, table, signal, org, digest, parts.length)
  const missing = items.filter(({ sk }) => !present.has(sk))
  for (let at = 0; at < missing.length; at += partsAtOnce) {
    const puts = missing
      .slice(at, at + partsAtOnce)
      .map((item) => new PutItemCommand({ TableName: table, Item: marshall(item) }))
    await Promise.all(puts.map((put) => client.send(put, { abortSignal: signal })))
  }
}

async function partsPresent(
  client: DynamoDBClient,
  table: string,
  abortSignal: AbortSignal,
  org: OrgSlug,
  digest: string,
  count: number,
): Promise<ReadonlySet<string | undefined>> {
  const first = quarantineKey(org, digest, 1)
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk and sk between :first and :last',
    ExpressionAttributeValues: marshall({
      ':pk': first.pk,
      ':first': first.sk,
      ':last': quarantineKey(org, digest, count).sk,
    }),
    ProjectionExpression: 'sk',
  }
  const present = new Set<string | undefined>()
  for await (const page of paginateQuery({ client }, query, { abortSignal })) {
    for (const { sk } of page.Items ?? []) present.add(sk?.S)
  }
  return present
}

function cut(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.byteLength / maxStoredBodyBytes)
  return Array.from({ length: count }, (_, at) =>
    bytes.subarray(at * maxStoredBodyBytes, (at + 1) * maxStoredBodyBytes),
  )
}

async function readParts(client: DynamoDBClient, table: string, org: OrgSlug, digest: string, parts: number) {
  const keys = Array.from({ length: parts }, (_, at) => quarantineKey(org, digest, at + 1))
  const items = await batchGet(client, table, keys)
  const rawBySort = new Map(items.map((item) => [item.sk, item.raw]))
  return Buffer.concat(
    keys.map(({ sk }) => {
      const raw = rawBySort.get(sk)
      if (!(raw instanceof Uint8Array)) throw new Error('a part of a body set aside is missing')
      return raw
    }),
  )
}

/** The newest `limit` times of one partition, before `next` when it is given. */
async function timesBefore(client: DynamoDBClient, table: string, pk: string, limit: number, next?: string) {
  const values = { ':pk': pk, ':first': quarantineTimes.first, ':last': next ?? quarantineTimes.last }
  const { Items } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk and sk between :first and :last',
      ExpressionAttributeValues: marshall(values),
      ScanIndexForward: false,
      // `between` includes `next` itself, which one partition holds.
      Limit: limit + 1,
    }),
  )
  return (Items ?? []).flatMap(({ sk }) => (sk?.S === undefined || sk.S === next ? [] : [sk.S])).slice(0, limit)
}
