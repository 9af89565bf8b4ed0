// Exports the days of an org that are due. Called by a schedule, which sends word of every org; and by its queue for one org at
// a time, which it takes forward as far as its time allows.
import { setTimeout } from 'node:timers/promises'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { ExportDays } from '../../contract/environments.ts'
import { type ExportMessage, exportMessageSchema } from '../../contract/export.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { exportRunMs } from '../../contract/limits.ts'
import { makeFileStore } from '../clients/file-store.ts'
import { makeWorkQueue, type WorkQueue } from '../clients/work-queue.ts'
import { type ExportOrgDeps, exportOrg } from '../flows/export-org.ts'
import { makeDynamoForQueues, queueTimeouts } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { queueHandler } from '../runtime/queue-batch.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { makeExportReads } from '../store/export-reads.ts'
import { makeExportStore } from '../store/exports.ts'
import { makeMeasureReads } from '../store/measure-reads.ts'
import { listOrgs } from '../store/org-list.ts'
import { makeOutcomeStore } from '../store/outcomes.ts'
import { makeSettingLists } from '../store/setting-lists.ts'

// ---- called by AWS ----
export const handler = (event: Partial<SQSEvent>): Promise<SQSBatchResponse> => {
  perRequest ??= coldStart()
  return perRequest(event)
}

// ---- once per cold start ----
let perRequest: ReturnType<typeof makeExportDays> | undefined

function coldStart(): ReturnType<typeof makeExportDays> {
  const env = readEnvironment(ExportDays)
  const client = makeDynamoForQueues()
  const { EVENTS_TABLE: events, OUTCOMES_TABLE: outcomes, RESULTS_TABLE: results, SETTINGS_TABLE: settings } = env
  const files = makeFileStore(new S3Client(queueTimeouts), env.DATA_BUCKET)
  return makeExportDays({
    listOrgs: () => listOrgs(client, settings),
    ...makeSettingLists(client, settings),
    ...makeExportReads(client, { outcomes, results, settings }),
    ...makeExportStore(client, settings, Date.now),
    ...makeMeasureReads(client, { events, settings }),
    readPerson: makeOutcomeStore(client, { outcomes, results }).readPerson,
    ...files,
    put: (key, body) => files.put(key, body, 'application/octet-stream'),
    queue: makeWorkQueue<ExportMessage>(new SQSClient(queueTimeouts), env.EXPORTS_QUEUE_URL),
    now: Date.now,
    pause: async (ms) => setTimeout(ms),
    log: makeLog('ExportDays'),
    tellMetrics: makeTellMetrics(),
  })
}

// ---- once per request ----
export interface ExportDaysDeps extends ExportOrgDeps {
  readonly listOrgs: () => Promise<readonly OrgSlug[]>
  readonly queue: WorkQueue<ExportMessage>
  readonly log: Log
  readonly tellMetrics: TellMetrics
}

export function makeExportDays(deps: ExportDaysDeps) {
  const takeUp = queueHandler(deps.log, async (body) => {
    const { org } = exportMessageSchema.parse(JSON.parse(body))
    const { kind, days, refused } = await exportOrg(deps, org, deps.now() + exportRunMs)
    if (kind === 'more') await deps.queue.send(org, [{ org }])
    deps.log('info', 'exported', { org, kind, days, refused: refused.length })
    deps.tellMetrics({ ExportsRefused: refused.length })
    // Comes again in half an hour, and after some times is a dead letter, which somebody looks at.
    if (kind === 'done' && refused.length > 0) throw new Error(`${refused.length} days disagree with the results`)
  })
  return async ({ Records }: Partial<SQSEvent>): Promise<SQSBatchResponse> => {
    if (Records !== undefined) return takeUp({ Records })
    for (const org of await deps.listOrgs()) await deps.queue.send(org, [{ org }])
    return { batchItemFailures: [] }
  }
}
