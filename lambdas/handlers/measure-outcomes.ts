// Called by the stream of `events`: brings outcomes and results up to date with what arrived. Records that could not be
// measured now are reported one by one, so that the stream tries them again and nothing else.
import { setTimeout } from 'node:timers/promises'
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import * as environments from '../../contract/environments.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import { type MeasureDeps, type Measured, measureSubjects } from '../flows/measure-subjects.ts'
import { makeDynamoForQueues } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { makeMeasureReads } from '../store/measure-reads.ts'
import { makeOutcomeStore } from '../store/outcomes.ts'
import { type ArrivedSubject, findArrivedSubject } from '../store/subjects.ts'

// ---- called by AWS ----
export const handler = (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  perRequest ??= coldStart()
  return perRequest(event)
}

// ---- once per cold start ----
let perRequest: ReturnType<typeof makeMeasureOutcomes> | undefined

function coldStart(): ReturnType<typeof makeMeasureOutcomes> {
  const env = readEnvironment(environments.MeasureOutcomes)
  const client = makeDynamoForQueues()
  return makeMeasureOutcomes({
    ...makeMeasureReads(client, { events: env.EVENTS_TABLE, settings: env.SETTINGS_TABLE }),
    outcomes: makeOutcomeStore(client, { outcomes: env.OUTCOMES_TABLE, results: env.RESULTS_TABLE }),
    random: Math.random,
    pause: async (ms) => setTimeout(ms),
    log: makeLog('MeasureOutcomes'),
    tellMetrics: makeTellMetrics(),
    now: Date.now,
  })
}

// ---- once per request ----
export interface MeasureOutcomesDeps extends MeasureDeps {
  readonly log: Log
  readonly tellMetrics: TellMetrics
  readonly now: () => number
}

export function makeMeasureOutcomes(deps: MeasureOutcomesDeps) {
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const arrived = Records.flatMap((record) => arrivedIn(record))
    const failed = new Set<string>()
    const sums = { RacesLost: 0, Unmatched: 0 }
    for (const [org, ofOrg] of Map.groupBy(arrived, ({ org }) => org)) {
      const measured = await measureOrg(deps, org, uniqueSubjects(ofOrg))
      for (const { subject } of measured.failed) failed.add(nameOf({ org, subject }))
      sums.RacesLost += measured.races
      sums.Unmatched += measured.unmatched
    }
    deps.tellMetrics({ ...sums, MeasureLag: deps.now() - oldestOf(Records, deps.now()) })
    return {
      batchItemFailures: arrived
        .filter((each) => failed.has(nameOf(each)))
        .map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })),
    }
  }
}

/** When the oldest of some records was written, to the second. */
function oldestOf(records: readonly DynamoDBRecord[], nowMs: number): number {
  const seconds = records.map(({ dynamodb }) => dynamodb?.ApproximateCreationDateTime ?? nowMs / 1_000)
  return Math.min(nowMs, ...seconds.map((each) => each * 1_000))
}

interface Arrived extends ArrivedSubject {
  readonly sequenceNumber: string
}

/** Unique among all orgs, whose deliveries may have equal ids. */
function nameOf({ org, subject: { kind, id } }: ArrivedSubject): string {
  return `${org}#${kind}#${id}`
}

/** What has expired is no news: outcomes outlive their events. */
function arrivedIn({ dynamodb, userIdentity }: DynamoDBRecord): Arrived[] {
  if (userIdentity?.type === 'Service') return []
  const found = findArrivedSubject(dynamodb?.NewImage ?? dynamodb?.OldImage)
  const sequenceNumber = dynamodb?.SequenceNumber
  return found === undefined || sequenceNumber === undefined ? [] : [{ ...found, sequenceNumber }]
}

/** Several records of one subject are one piece of work. */
function uniqueSubjects(arrived: readonly Arrived[]): SubjectRef[] {
  const groups = Map.groupBy(arrived, nameOf)
  return [...groups.values()].flatMap((group) => {
    const first = group[0]?.subject
    return first === undefined ? [] : [{ ...first, joins: group.some(({ subject }) => subject.joins) }]
  })
}

async function measureOrg(deps: MeasureOutcomesDeps, org: OrgSlug, subjects: SubjectRef[]): Promise<Measured> {
  const measured = await measureSubjects(deps, org, subjects)
  const { failed, races } = measured
  for (const { cause } of failed) deps.log('error', 'measuring failed', { org, ...describeError(cause) })
  if (races > 0) deps.log('info', 'measuring started over', { org, races })
  return measured
}
