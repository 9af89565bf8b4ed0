// Recounts every org once a night. Called by a schedule every quarter of an hour: it takes up what is due, goes on as long as its
// time allows, and tells what was found of all orgs, also when there was nothing to do. `{ "anew": true }` recounts at once.
import { randomUUID } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import { RecountResults } from '../../contract/environments.ts'
import { recountSliceMs } from '../../contract/limits.ts'
import { makeFileStore } from '../clients/file-store.ts'
import { makeRecountParts } from '../clients/recount-parts.ts'
import { largestOrgs } from '../domain/metrics/largest-orgs.ts'
import {
  type RecountedOrgs,
  type RecountOrgsDeps,
  type RecountState,
  recountOrgs,
} from '../flows/recount/recount-orgs.ts'
import { makeDynamoForQueues, queueTimeouts } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { makeRecountStores } from '../store/recount-stores.ts'

// ---- called by AWS ----
export const handler = (event: RecountEvent): Promise<Pick<RecountedOrgs, 'drift' | 'unaccounted' | 'left'>> => {
  perCall ??= coldStart()
  return perCall(event)
}

interface RecountEvent {
  readonly anew?: boolean
}

// ---- once per cold start ----
let perCall: ReturnType<typeof makeRecount> | undefined

function coldStart(): ReturnType<typeof makeRecount> {
  const env = readEnvironment(RecountResults)
  const tables = {
    events: env.EVENTS_TABLE,
    outcomes: env.OUTCOMES_TABLE,
    results: env.RESULTS_TABLE,
    settings: env.SETTINGS_TABLE,
  }
  const client = makeDynamoForQueues()
  return makeRecount({
    ...makeRecountStores(client, tables),
    ...makeRecountParts(makeFileStore(new S3Client(queueTimeouts), env.DATA_BUCKET)),
    now: Date.now,
    mark: randomUUID,
    log: makeLog('RecountResults'),
    tellMetrics: makeTellMetrics(),
  })
}

// ---- once per call ----
export interface RecountHandlerDeps extends Omit<RecountOrgsDeps, 'onFailed' | 'onBegin'> {
  readonly log: Log
  readonly tellMetrics: TellMetrics
}

export function makeRecount({ log, tellMetrics, ...deps }: RecountHandlerDeps) {
  return async ({ anew = false }: RecountEvent) => {
    const onFailed = (org: string, cause: unknown) => log('error', 'recount failed', { org, ...describeError(cause) })
    const tell = ({ drift, unaccounted, oldestMs }: RecountState) =>
      tellMetrics({ RecountDrift: drift, Unaccounted: unaccounted, RecountAge: Math.round(oldestMs / 1_000) })
    const recounted = await recountOrgs({ ...deps, onFailed, onBegin: tell }, deps.now() + recountSliceMs, anew)
    const { done, left, stored, drift, unaccounted } = recounted
    tell(recounted)
    if (done.length > 0)
      for (const { org, accepted } of largestOrgs(stored)) tellMetrics({ OrgAccepted: accepted }, org)
    for (const wrong of recounted.wrong) log('error', 'org differs', wrong)
    log('info', 'recounted', { done: done.length, left, drift, unaccounted })
    return { drift, unaccounted, left }
  }
}
