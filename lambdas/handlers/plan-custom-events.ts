// Called by the queue of notices: plans files that were dropped, and ends imports whose ranges are all loaded.
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import * as environments from '../../contract/environments.ts'
import { makeFileStore } from '../clients/file-store.ts'
import { makeWorkQueue } from '../clients/work-queue.ts'
import { countEnd } from '../domain/files/count-end.ts'
import { isOfNobody } from '../domain/files/name-file.ts'
import { type Notice, readNotice } from '../domain/files/read-notice.ts'
import type { Ledger, RangeMessage } from '../flows/file-deps.ts'
import { finishImport } from '../flows/finish-import.ts'
import { type PlanDeps, planFile } from '../flows/plan-file.ts'
import { makeDynamoForQueues, queueTimeouts } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type QueueHandler, queueHandler } from '../runtime/queue-batch.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { makeImportStore } from '../store/imports.ts'
import { makeSettingsStore } from '../store/settings.ts'

// ---- called by AWS ----
export const handler: QueueHandler = (event) => {
  perRequest ??= coldStart()
  return perRequest(event)
}

// ---- once per cold start ----
let perRequest: QueueHandler | undefined

function coldStart(): QueueHandler {
  const env = readEnvironment(environments.PlanCustomEvents)
  const dynamo = makeDynamoForQueues()
  const sqs = new SQSClient(queueTimeouts)
  const tellMetrics = makeTellMetrics()
  return makePlanCustomEvents({
    ledger: telling(makeImportStore(dynamo, env.SETTINGS_TABLE), tellMetrics),
    files: makeFileStore(new S3Client(queueTimeouts), env.DATA_BUCKET),
    findOrg: makeSettingsStore(dynamo, env.SETTINGS_TABLE).findOrg,
    sendRanges: makeWorkQueue<RangeMessage>(sqs, env.RANGES_QUEUE_URL).send,
    sendNotices: makeWorkQueue<Notice>(sqs, env.NOTICES_QUEUE_URL).send,
    now: Date.now,
    log: makeLog('PlanCustomEvents'),
    tellMetrics,
  })
}

// ---- once per request ----
export interface PlanCustomEventsDeps extends PlanDeps {
  readonly log: Log
  readonly tellMetrics: TellMetrics
}

/** The ledger, with every end of an import told once: the write over the status before it decides which. */
function telling<L extends Pick<Ledger, 'replace'>>(ledger: L, tellMetrics: TellMetrics): L {
  const replace: Ledger['replace'] = async (next, over) => {
    const replaced = await ledger.replace(next, over)
    if (replaced && next.finishedAtMs !== undefined) tellMetrics(countEnd(next), next.org)
    return replaced
  }
  return { ...ledger, replace }
}

export function makePlanCustomEvents(deps: PlanCustomEventsDeps): QueueHandler {
  return queueHandler(deps.log, async (body) => {
    for (const notice of readNotice(body)) {
      if (notice.kind === 'plan') {
        const outcome = await planFile(deps, notice.key, notice.importId)
        deps.log('info', 'file looked at', { outcome })
        if (outcome === 'failed' && isOfNobody(notice.key)) deps.tellMetrics({ FilesFailed: 1 })
      } else {
        const { org, importId, ...ending } = notice
        deps.log('info', 'import ended', { org, importId, outcome: await finishImport(deps, org, importId, ending) })
      }
    }
  })
}
