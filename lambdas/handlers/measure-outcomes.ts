// Called by the stream of `events`: brings outcomes and results up to date with what arrived. Records that could not be
// measured now are reported one by one, so that the stream tries them again and nothing else.
import { setTimeout } from 'node:timers/promises'
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import * as environments from '../../contract/environments.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import { type MeasureDeps, type Measured, measureSubjects } from '../flows/measure-subjects.ts'
import { makeDynamoForQueues } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { nameArrived, oldestWrittenMs, readArrived, uniqueSubjects } from '../store/arrived.ts'
import { makeMeasureReads } from '../store/measure-reads.ts'
import { makeOutcomeStore } from '../store/outcomes.ts'

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
    const arrived = readArrived(Records)
    const failed = new Set<string>()
    const sums = { RacesLost: 0, Unmatched: 0 }
    for (const [org, ofOrg] of Map.groupBy(arrived, ({ org }) => org)) {
      const measured = await measureOrg(deps, org, uniqueSubjects(ofOrg))
      for (const { subject } of measured.failed) failed.add(nameArrived({ org, subject }))
      sums.RacesLost += measured.races
      sums.Unmatched += measured.unmatched
    }
    const nowMs = deps.now()
    deps.tellMetrics({ ...sums, MeasureLag: nowMs - oldestWrittenMs(Records, nowMs) })
    return {
      batchItemFailures: arrived
        .filter((each) => failed.has(nameArrived(each)))
        .map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })),
    }
  }
}

async function measureOrg(deps: MeasureOutcomesDeps, org: OrgSlug, subjects: SubjectRef[]): Promise<Measured> {
  const measured = await measureSubjects(deps, org, subjects)
  const { failed, races } = measured
  for (const { cause } of failed) deps.log('error', 'measuring failed', { org, ...describeError(cause) })
  if (races > 0) deps.log('info', 'measuring started over', { org, races })
  return measured
}
