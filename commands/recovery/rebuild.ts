// Outcomes and results of an org once more, from its events alone, into tables of their own; and where they differ from the
// live ones. What was erased has no events any more, so what stands for it is carried over as it is.
import { createHash } from 'node:crypto'
import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import { keyAttributes, outcomesBySource } from '../../contract/tables.ts'
import { contribute } from '../../lambdas/domain/measuring/contribute.ts'
import { isCrowd } from '../../lambdas/domain/measuring/crowd.ts'
import { isErased, isNameless } from '../../lambdas/domain/measuring/erase.ts'
import { sumCells } from '../../lambdas/domain/measuring/sum-cells.ts'
import type { MeasuredEvents } from '../../lambdas/flows/measure-events.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import type { Deployment } from '../deployment.ts'
import { measureOrg } from './measuring.ts'

export interface Rebuilt {
  readonly measured: MeasuredEvents
  readonly outcomes: number
  readonly cells: number
  /** Places of outcomes that only one of the two has, or that differ. */
  readonly differingOutcomes: number
  /** What would have to be added to the live counters. */
  readonly differingCells: readonly CellChange[]
}

/** Makes the two tables, fills them from the org's events and compares. The live tables are only read. */
export async function rebuild(
  client: DynamoDBClient,
  live: Deployment['tables'],
  fresh: { readonly outcomes: string; readonly results: string },
  org: OrgSlug,
  onPage: (subjects: number) => void,
): Promise<Rebuilt> {
  await makeTable(client, fresh.outcomes, true)
  await makeTable(client, fresh.results, false)
  await carryErased(client, live, fresh, org)
  const measured = await measureOrg(client, { ...live, ...fresh }, org, onPage)
  const [ours, theirs] = [makeRecountReads(client, { ...live, ...fresh }), makeRecountReads(client, live)]
  const rebuilt = await digests(ours, org)
  const standing = await digests(theirs, org)
  const places = new Set([...rebuilt.keys(), ...standing.keys()])
  const counters = await ours.scanCounters(org)
  return {
    measured,
    outcomes: rebuilt.size,
    cells: counters.length,
    differingOutcomes: [...places].filter((place) => rebuilt.get(place) !== standing.get(place)).length,
    differingCells: sumCells(counters, await theirs.scanCounters(org)),
  }
}

export async function dropTables(client: DynamoDBClient, names: readonly string[]): Promise<void> {
  for (const TableName of names) await client.send(new DeleteTableCommand({ TableName }))
}

/** Marks of erased persons and of crowds, and the nameless outcomes that count for the erased. */
async function carryErased(
  client: DynamoDBClient,
  live: Deployment['tables'],
  fresh: { readonly outcomes: string; readonly results: string },
  org: OrgSlug,
): Promise<void> {
  const query = {
    TableName: live.outcomes,
    ConsistentRead: true,
    FilterExpression: 'begins_with(pk, :hashed) AND attribute_exists(revision)',
    ExpressionAttributeValues: marshall({ ':hashed': `${org}#` }),
  }
  for await (const { Items = [] } of paginateScan({ client }, query)) {
    for (const Item of Items) {
      const revision = Item.revision?.S
      if (isErased(revision) || isCrowd(revision))
        await client.send(new PutItemCommand({ TableName: fresh.outcomes, Item }))
    }
  }
  const store = makeOutcomeStore(client, fresh)
  for await (const placed of makeRecountReads(client, live).scanOutcomes(org)) {
    if (!isNameless(placed)) continue
    const { person, atMs, subject, outcome } = placed
    const write = { placed: { person, atMs, subject, outcome }, over: undefined }
    await store.commit(org, { writes: [write], removals: [], guards: [], cells: contribute(placed) }, 0)
  }
}

/** What each outcome is, by its place; members in one order. */
async function digests(reads: ReturnType<typeof makeRecountReads>, org: OrgSlug): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const { person, atMs, subject, outcome } of reads.scanOutcomes(org)) {
    const text = JSON.stringify(outcome, (_name, value) => sorted(value))
    found.set(`${person}#${atMs}#${subject}`, createHash('sha256').update(text).digest('base64url').slice(0, 22))
  }
  return found
}

function sorted(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

async function makeTable(client: DynamoDBClient, TableName: string, indexed: boolean): Promise<void> {
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ]
  const names = new Set([...Object.values(keyAttributes), ...(indexed ? [outcomesBySource.partition] : [])])
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys(keyAttributes.partition, keyAttributes.sort),
      AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      ...(indexed && {
        GlobalSecondaryIndexes: [
          {
            IndexName: outcomesBySource.name,
            KeySchema: keys(outcomesBySource.partition, outcomesBySource.sort),
            Projection: { ProjectionType: 'KEYS_ONLY' as const },
          },
        ],
      }),
    }),
  )
  await waitUntilTableExists({ client, maxWaitTime: 300, minDelay: 1 }, { TableName })
}
