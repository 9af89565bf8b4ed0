// A small simulation against the whole stack, by HTTP: what Customer.io and a customer tell comes to exactly what the simulator
// planned, and a counter that is off is seen.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeProgress } from '../../commands/simulate/progress.ts'
import { simulate } from '../../commands/simulate/simulate.ts'
import { misses } from '../../commands/simulate/table.ts'
import { recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { orgOf } from '../support/copy-settings.ts'
import { type DemoStack, startDemoStack } from '../support/local-stack.ts'

let stack: DemoStack
beforeAll(async () => {
  stack = await startDemoStack()
})
afterAll(() => stack?.local.stop())

it('comes to what the simulator planned, whatever is late, doubled or lacks members', {
  timeout: 120_000,
}, async () => {
  const { apiUrl, apiKey, adminKey, signingKey } = stack
  const setup = { org: 'acme', template: 'welcome_email', campaignId: 23, webhookActionId: 41, controlActionId: 42 }
  const options = {
    people: 150,
    days: 4,
    lifts: new Map([['a', 0.2]]),
    control: 0.3,
    seed: 11,
    lanes: 12,
    url: undefined,
    readyFile: '',
  }
  const to = { apiUrl, apiKey, adminKey, signingKey, ...setup }
  const seen = await simulate(
    to,
    options,
    makeProgress(() => {}),
  )
  expect(seen.faults).toEqual([])
  expect(seen.differences).toEqual([])
  expect(misses(seen.rows)).toEqual({ seen: 0, allowed: expect.any(Number) })
  expect(seen.files).toBeGreaterThan(2)
  expect(new Set(seen.rows.map(({ entry }) => entry)).size).toBe(4)
  expect(seen.calls).toBeGreaterThan(600)
  const { endpoints, outputs } = stack.local.ready
  const { url: endpoint, ...caller } = endpoints.dynamodb
  const client = new DynamoDBClient({ endpoint, ...caller })
  const written = { outcomes: String(outputs.OutcomesTableName), results: String(outputs.ResultsTableName) }
  const tables = { ...written, settings: String(outputs.SettingsTableName) }
  const recounted = await recountResults(makeRecountReads(client, tables), orgOf('acme'), false)
  expect(recounted.drifts).toEqual([])
  expect(recounted.outcomes).toBeGreaterThan(150)
})
