// What a recount in steps needs, on real tables and a bucket in memory; and what is found of an org in one go, to compare.
import { randomUUID } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Recounted } from '../../contract/recounted.ts'
import { makeRecountParts } from '../../lambdas/clients/recount-parts.ts'
import { accountUntil } from '../../lambdas/flows/recount/account-step.ts'
import type { RecountOrgsDeps } from '../../lambdas/flows/recount/recount-orgs.ts'
import { recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { makeRecountStores } from '../../lambdas/store/recount-stores.ts'
import type { TestDatabase } from './dynamodb-local.ts'
import { type MemoryFiles, makeMemoryFiles } from './memory-files.ts'

export function recountDepsOn(
  client: DynamoDBClient,
  tables: TestDatabase['tables'],
  now: () => number,
  files: MemoryFiles = makeMemoryFiles(),
): RecountOrgsDeps {
  return {
    ...makeRecountStores(client, tables),
    ...makeRecountParts(files),
    ...{ now, mark: randomUUID },
    onBegin: () => undefined,
    onFailed: (_org, cause) => {
      throw cause
    },
  }
}

/** What one pass finds while nothing is written. */
export async function recountAtOnce(
  client: DynamoDBClient,
  tables: TestDatabase['tables'],
  org: OrgSlug,
  startedAtMs: number,
): Promise<Recounted> {
  const deps = recountDepsOn(client, tables, () => startedAtMs)
  const { drifts, busy } = await recountResults(makeRecountReads(client, tables), org, false)
  const { days } = await accountUntil(deps, org, { startedAtMs, days: [] }, Number.POSITIVE_INFINITY)
  return { countedAtMs: startedAtMs, drift: drifts.length, busy, days }
}
