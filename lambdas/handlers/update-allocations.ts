// Computes the weights of all active templates. Called by a schedule; calling it again, or twice at once, changes nothing more.
import * as environments from '../../contract/environments.ts'
import { type UpdateAllocationsDeps, type Updated, updateAllocations } from '../flows/update-allocations.ts'
import { makeDynamoForQueues } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { listActiveTemplates, saveAllocation } from '../store/allocations.ts'
import { readResults } from '../store/results.ts'
import { makeSettingsStore } from '../store/settings.ts'

// ---- called by AWS ----
export const handler = (): Promise<Record<Updated, number>> => {
  perRequest ??= coldStart()
  return perRequest()
}

// ---- once per cold start ----
let perRequest: ReturnType<typeof makeUpdateAllocations> | undefined

function coldStart(): ReturnType<typeof makeUpdateAllocations> {
  const env = readEnvironment(environments.UpdateAllocations)
  const client = makeDynamoForQueues()
  const settings = makeSettingsStore(client, env.SETTINGS_TABLE)
  return makeUpdateAllocations({
    listActiveTemplates: () => listActiveTemplates(client, env.SETTINGS_TABLE),
    findTemplate: settings.findTemplate,
    findOrg: settings.findOrg,
    readResults: (org, templateId, days) => readResults(client, env.RESULTS_TABLE, org, templateId, days),
    save: (org, next) => saveAllocation(client, env.SETTINGS_TABLE, org, next),
    now: Date.now,
    log: makeLog('UpdateAllocations'),
    tellMetrics: makeTellMetrics(),
  })
}

// ---- once per call ----
export interface UpdateAllocationsHandlerDeps extends Omit<UpdateAllocationsDeps, 'onStored' | 'onFailed'> {
  readonly log: Log
  readonly tellMetrics: TellMetrics
}

export function makeUpdateAllocations({ log, tellMetrics, ...deps }: UpdateAllocationsHandlerDeps) {
  return async (): Promise<Record<Updated, number>> => {
    let oldestMs = 0
    const updated = await updateAllocations({
      ...deps,
      onStored: (org, { templateId, version, basis, stopped }) =>
        log('info', 'weights stored', { org, templateId, version, basis, stopped: stopped.length }),
      onFailed: ({ org, templateId }, cause, ageMs) => {
        oldestMs = Math.max(oldestMs, ageMs)
        log('error', 'weights failed', { org, templateId, ...describeError(cause) })
      },
    })
    tellMetrics({ AllocationAge: Math.round(oldestMs / 1_000) })
    log('info', 'weights updated', updated)
    return updated
  }
}
