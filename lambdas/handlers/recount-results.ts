// Recounts every org once a night. Called by a schedule every quarter of an hour: it takes up what is due, goes on as long as its
// time allows, and tells what was found of all orgs, also when there was nothing to do. `{ "anew": true }` recounts at once.
import { RecountResults } from '../../contract/environments.ts'
import { recountSliceMs } from '../../contract/limits.ts'
import { largestOrgs } from '../domain/metrics/largest-orgs.ts'
import { type RecountedOrgs, type RecountOrgsDeps, type RecountState, recountOrgs } from '../flows/recount-orgs.ts'
import { recountResults } from '../flows/recount-results.ts'
import { makeDynamoForQueues } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { makeKeptScan } from '../store/kept-scan.ts'
import { listOrgs } from '../store/org-list.ts'
import { makeOutcomeStore } from '../store/outcomes.ts'
import { makeRecountReads } from '../store/recount-reads.ts'
import { findRecountBegun, findRecounted, saveRecountBegun, saveRecounted } from '../store/recounted.ts'
import { makeSettingsStore } from '../store/settings.ts'

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
  const reads = makeRecountReads(client, tables)
  return makeRecount({
    listOrgs: () => listOrgs(client, tables.settings),
    findOrg: makeSettingsStore(client, tables.settings).findOrg,
    findRecounted: (org) => findRecounted(client, tables.settings, org),
    saveRecounted: (org, recounted) => saveRecounted(client, tables.settings, org, recounted),
    findRecountBegun: (org) => findRecountBegun(client, tables.settings, org),
    saveRecountBegun: (org, begun) => saveRecountBegun(client, tables.settings, org, begun),
    recountResults: (org) => recountResults(reads, org, false),
    scanKept: makeKeptScan(client, tables.events),
    readAt: makeOutcomeStore(client, tables).readAt,
    now: Date.now,
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
    log(drift + unaccounted > 0 ? 'error' : 'info', 'recounted', { done: done.length, left, drift, unaccounted })
    return { drift, unaccounted, left }
  }
}
