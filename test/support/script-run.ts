// Plays a script: senders store its events while several consumers measure what the stream delivers, in any order, more
// than once, with faults; what failed is delivered again until nothing fails.
import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import { expect } from 'vitest'
import type { OrgSlug } from '../../contract/ids.ts'
import { restatementId } from '../../lambdas/domain/measuring/restate.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { type RemeasureDeps, remeasureSources } from '../../lambdas/flows/remeasure-sources.ts'
import { type MeasureOutcomesDeps, makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeMeasureReads } from '../../lambdas/store/measure-reads.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeRestatedDeliveries } from '../../lambdas/store/restated-deliveries.ts'
import { makeRestatementStore } from '../../lambdas/store/restatements.ts'
import { integrationKey } from '../../lambdas/store/setting-keys.ts'
import { makeSettingLists } from '../../lambdas/store/setting-lists.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import type { TestDatabase, TestTables } from './dynamodb-local.ts'
import type { Script, ScriptEvent } from './script.ts'
import { type TroubledClient, troubledClient } from './script-clients.ts'
import { seededRandom } from './sdk-faults.ts'
import { makeRecords, storeEvent } from './stream.ts'

/** After this many invocations per batch the faults stop, so that the script ends. */
const troubledInvocations = 4
const mostInvocations = 400

interface Batch {
  readonly index: number
  readonly events: readonly ScriptEvent[]
}

/** Plays the whole script for an org that nobody else has. */
export async function playScript(script: Script, database: TestDatabase, org: OrgSlug): Promise<void> {
  const { client, tables } = database
  await storeSettings({ ...script, ...script.before }, database, org)
  let changed = script.before === undefined
  const changeSettings = async () => {
    changed = true
    await storeSettings(script, database, org)
  }
  const { seed, consumers, lag } = script.passage
  const queue = batchesOf(script)
  const batchCount = queue.length
  const stored: Promise<void>[] = []
  const sender = troubledClient(client, script.passage, seed)
  const storeBatch = async ({ events, index }: Batch) => {
    const spelling = index % 2 === 0 ? 'plain' : 'reversed'
    for (const event of events) await storeEvent(sender.client, tables.events, org, event, spelling)
  }
  const batches = [...queue]
  const clients = Array.from({ length: consumers }, (_, at) => troubledClient(client, script.passage, seed + at + 1))
  const recordOf = makeRecords(client, tables.events, org)
  let invocations = 0

  const consume = async (consumer: TroubledClient) => {
    const measure = makeMeasureOutcomes(depsOn(consumer.client, tables, seed))
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      const due = batches.slice(0, batch.index + 1 + lag)
      await Promise.all(due.map((each, at) => (stored[at] ??= storeBatch(each))))
      if (!changed && batch.index >= (script.before?.batches ?? 0)) await changeSettings()
      if (++invocations > mostInvocations) throw new Error(`still failing after ${mostInvocations} invocations`)
      if (invocations > troubledInvocations * batchCount) for (const { calm } of clients) calm()
      const events = batch.events
      const records = (await Promise.all(events.map((event, at) => recordOf(event, String(at))))).flat()
      consumer.begin()
      const failed = await failuresOf(measure, records)
      const again = events.filter((_, at) => failed.has(String(at)))
      if (again.length > 0) queue.push({ index: batch.index, events: again })
    }
  }
  while (queue.length > 0) await Promise.all(clients.map(consume))
  if (script.before === undefined) return
  if (!changed) await changeSettings()
  await restateAll(script, database, org)
}

/**
 * Counts anew what the change of settings counts otherwise: each source under the template that it left and the one that it
 * joined, then all by their metrics.
 */
export async function restateAll(
  { integrations, before }: Pick<Script, 'integrations' | 'before'>,
  { client, tables }: TestDatabase,
  org: OrgSlug,
): Promise<void> {
  const restatements = makeRestatementStore(client, tables.settings)
  const measuring = depsOn(client, tables, 0)
  const sources = [...(before?.integrations ?? []), ...integrations].map(
    ({ source, templateId }) => ({ kind: 'source', source, templateId }) as const,
  )
  const all = new Map([...sources, { kind: 'metrics' } as const].map((what) => [restatementId(what), what]))
  for (const what of all.values()) {
    await restatements.request(org, what, 0)
    const deps: RemeasureDeps = {
      ...restatements,
      ...makeSettingLists(client, tables.settings),
      ...makeRestatedDeliveries(client, tables),
      measure: (...args) => measureSubjects(measuring, ...args),
      now: Date.now,
    }
    const { kind } = await remeasureSources(deps, org, restatementId(what), Date.now() + 60_000)
    if (kind !== 'done') throw new Error(`a restatement ended with ${kind}`)
  }
}

/** What the product's measuring needs, on a client. */
export function depsOn(client: DynamoDBClient, tables: TestTables, seed: number): MeasureOutcomesDeps {
  return {
    ...makeMeasureReads(client, tables),
    outcomes: makeOutcomeStore(client, tables),
    random: seededRandom(seed),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
    log: () => undefined,
    tellMetrics: () => undefined,
    now: Date.now,
  }
}

/** Sequence numbers that have to be delivered again: those reported, or all when the invocation itself failed. */
export async function failuresOf(
  measure: ReturnType<typeof makeMeasureOutcomes>,
  Records: DynamoDBRecord[],
): Promise<Set<string>> {
  try {
    const { batchItemFailures } = await measure({ Records })
    return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
  } catch {
    return new Set(Records.map(({ dynamodb }) => String(dynamodb?.SequenceNumber)))
  }
}

export async function storeSettings(
  { identifier, integrations, rules }: Pick<Script, 'identifier' | 'integrations' | 'rules'>,
  { client, tables }: TestDatabase,
  org: OrgSlug,
): Promise<void> {
  const settings = makeSettingsStore(client, tables.settings)
  const metrics = { metricDefaults: rules.defaults, metrics: [...rules.metrics] }
  const named = { org, name: org, personIdentifier: identifier, currency: rules.currency, ...metrics }
  await settings.putOrg({ ...named, webhookSignature: 'none' })
  for (const integration of integrations) {
    // A source that another template has is let go by it first.
    const Key = marshall(integrationKey(org, integration.source))
    const written = await settings.putIntegration(org, integration)
    if (written === 'stored') continue
    await client.send(new DeleteItemCommand({ TableName: tables.settings, Key }))
    expect(await settings.putIntegration(org, integration)).toBe('stored')
  }
}

/** Every arrival of every event, shuffled and cut anywhere. */
function batchesOf({ events, passage }: Script): Batch[] {
  const random = seededRandom(passage.seed)
  const arrivals = events
    .flatMap((event) => Array.from({ length: event.times }, () => ({ event, place: random() })))
    .toSorted((a, b) => a.place - b.place)
    .map(({ event }) => event)
  const batches: Batch[] = []
  for (let from = 0; from < arrivals.length; ) {
    const length = 1 + Math.floor(random() * passage.longestBatch)
    batches.push({ index: batches.length, events: arrivals.slice(from, from + length) })
    from += length
  }
  return batches
}
