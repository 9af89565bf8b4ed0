// Counts anew what a changed setting counts otherwise. Called by its queue for one restatement at a time, which it takes
// forward as far as its time allows; and by a schedule, which sends word of all that are under way, should a message be lost.
import { setTimeout } from 'node:timers/promises'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import * as environments from '../../contract/environments.ts'
import { orgSlugSchema } from '../../contract/ids.ts'
import { remeasureSliceMs } from '../../contract/limits.ts'
import { restatementMessageSchema } from '../../contract/restatement.ts'
import { makeRestatementQueue, type SendRestatement } from '../clients/restatement-queue.ts'
import { measureSubjects } from '../flows/measure-subjects.ts'
import { type RemeasureDeps, remeasureSources } from '../flows/remeasure-sources.ts'
import { makeDynamoForQueues } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { queueHandler } from '../runtime/queue-batch.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { listIntegrations } from '../store/integrations.ts'
import { makeMeasureReads } from '../store/measure-reads.ts'
import { makeOutcomeStore } from '../store/outcomes.ts'
import { makeRestatedDeliveries } from '../store/restated-deliveries.ts'
import { makeRestatementStore, type RestatementStore } from '../store/restatements.ts'

// ---- called by AWS ----
export const handler = (event: Partial<SQSEvent>): Promise<SQSBatchResponse> => {
  perRequest ??= coldStart()
  return perRequest(event)
}

// ---- once per cold start ----
let perRequest: ReturnType<typeof makeRemeasureOutcomes> | undefined

function coldStart(): ReturnType<typeof makeRemeasureOutcomes> {
  const env = readEnvironment(environments.RemeasureOutcomes)
  const client = makeDynamoForQueues()
  const tables = { events: env.EVENTS_TABLE, outcomes: env.OUTCOMES_TABLE, results: env.RESULTS_TABLE }
  const measuring = {
    ...makeMeasureReads(client, { events: tables.events, settings: env.SETTINGS_TABLE }),
    outcomes: makeOutcomeStore(client, tables),
    random: Math.random,
    pause: async (ms: number) => setTimeout(ms),
  }
  return makeRemeasureOutcomes({
    ...makeRestatementStore(client, env.SETTINGS_TABLE),
    listIntegrations: (org) => listIntegrations(client, env.SETTINGS_TABLE, org),
    ...makeRestatedDeliveries(client, tables),
    measure: (org, subjects) => measureSubjects(measuring, org, subjects),
    send: makeRestatementQueue(new SQSClient({}), env.RESTATEMENT_QUEUE_URL),
    now: Date.now,
    log: makeLog('RemeasureOutcomes'),
    tellMetrics: makeTellMetrics(),
  })
}

// ---- once per request ----
export interface RemeasureOutcomesDeps extends RemeasureDeps, Pick<RestatementStore, 'list'> {
  readonly send: SendRestatement
  readonly log: Log
  readonly tellMetrics: TellMetrics
}

export function makeRemeasureOutcomes(deps: RemeasureOutcomesDeps) {
  const takeUp = queueHandler(deps.log, (body) => restate(deps, body), deps.tellMetrics)
  return async ({ Records }: Partial<SQSEvent>): Promise<SQSBatchResponse> => {
    if (Records === undefined) for (const { org, id } of await deps.list()) await deps.send({ org, id })
    return takeUp({ Records: Records ?? [] })
  }
}

async function restate(deps: RemeasureOutcomesDeps, body: string): Promise<void> {
  const { org, id } = restatementMessageSchema.parse(JSON.parse(body))
  const outcome = await remeasureSources(deps, orgSlugSchema.parse(org), id, deps.now() + remeasureSliceMs)
  if (outcome.kind === 'more') await deps.send({ org, id }, outcome.waitMs)
  if (outcome.kind !== 'aside') return deps.log('info', 'restated', { org, ...outcome })
  const { deliveries, cause } = outcome
  deps.log('error', 'restated but for some deliveries', { org, deliveries, ...describeError(cause) })
}
