// What an export reads: which rows of results a day has and how often each was written, the outcomes of a day by the index,
// and the chances that copies were drawn with.
import { type DynamoDBClient, paginateQuery, QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { type OrgSlug, type PersonKey, sourceRefSchema, type TemplateId, templateIdSchema } from '../../contract/ids.ts'
import { outcomesBySource } from '../../contract/tables.ts'
import { drawChances, versionsSeen } from '../domain/allocation/draw-chances.ts'
import type { DayRow } from '../domain/exports/plan-days.ts'
import type { Placed } from '../domain/measuring/place-outcomes.ts'
import { listAllocations } from './allocations.ts'
import { batchGet } from './batch-get.ts'
import { outcomeKey, parseOutcomeSort, parsePersonPartition, sourcePartition } from './outcome-keys.ts'
import { toStored } from './outcomes.ts'
import { resultsDayOf, resultsPartition } from './result-keys.ts'
import { readResults } from './results.ts'

export interface ExportTables {
  readonly outcomes: string
  readonly results: string
  readonly settings: string
}

interface OutcomeRef {
  readonly person: PersonKey
  readonly atMs: number
  readonly subject: string
}

export function makeExportReads(client: DynamoDBClient, tables: ExportTables) {
  return {
    /** Keys and counts of writes alone: they differ whenever a sum does. */
    async *readDayRows(
      org: OrgSlug,
      scopes: readonly string[],
      { from, to }: { readonly from: string; readonly to: string },
    ): AsyncIterable<DayRow> {
      for (const scope of scopes) {
        const query = {
          TableName: tables.results,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk and sk between :from and :to',
          ProjectionExpression: 'sk, changes',
          ExpressionAttributeValues: marshall({
            ':pk': resultsPartition(org, scope),
            ':from': `${from}#`,
            ':to': `${to}#~`,
          }),
        }
        for await (const { Items = [] } of paginateQuery({ client }, query)) {
          for (const { sk, changes } of Items) {
            yield { day: resultsDayOf(sk?.S ?? ''), text: `${scope} ${sk?.S} ${changes?.N}` }
          }
        }
      }
    },

    readCells: (org: OrgSlug, templateId: string, day: string) =>
      readResults(client, tables.results, org, templateId, { from: day, to: day }),

    async readRefs(
      org: OrgSlug,
      at: { readonly source: string; readonly day: string; readonly shard: number; readonly after: string },
      limit: number,
    ): Promise<{ refs: OutcomeRef[]; after?: string }> {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tables.outcomes,
          IndexName: outcomesBySource.name,
          KeyConditionExpression: '#source = :source AND sk > :after',
          ExpressionAttributeNames: { '#source': outcomesBySource.partition },
          ExpressionAttributeValues: marshall({
            ':source': sourcePartition(org, readSource(at.source), at.day, at.shard),
            ':after': at.after === '' ? ' ' : at.after,
          }),
          Limit: limit,
        }),
      )
      const refs = Items.map(({ pk, sk }) => ({
        person: parsePersonPartition(pk?.S ?? ''),
        ...parseOutcomeSort(sk?.S ?? ''),
      }))
      const last = Items.at(-1)?.sk?.S
      return { refs, ...(LastEvaluatedKey !== undefined && last !== undefined && { after: last }) }
    },

    /** Strongly consistent; one that has moved since it was named is left out. */
    async readOutcomes(org: OrgSlug, refs: readonly OutcomeRef[]): Promise<Placed[]> {
      const keys = refs.map(({ person, atMs, subject }) => outcomeKey(org, person, atMs, subject))
      const items = await batchGet(client, tables.outcomes, keys)
      return items.map((item) => toStored(parsePersonPartition(String(item.pk)), item))
    },

    async readChances(org: OrgSlug, templateId: TemplateId, day: string) {
      const rows = await readResults(client, tables.results, org, templateId, { from: day, to: day })
      const versions = versionsSeen(rows)
      const stored = versions && (await listAllocations(client, tables.settings, org, templateId, versions))
      return drawChances(rows, stored ?? [])
    },
  }
}

const templateMark = 'template:'

/** A source as it was kept while the export runs. */
function readSource(source: string) {
  if (!source.startsWith(templateMark)) return sourceRefSchema.parse(source)
  return `template:${templateIdSchema.parse(source.slice(templateMark.length))}` as const
}
