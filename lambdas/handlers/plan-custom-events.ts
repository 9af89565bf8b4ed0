// Called by the queue of notices: plans files that were dropped, and ends imports whose ranges are all loaded.
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import * as environments from '../../contract/environments.ts'
import { makeFileStore } from '../clients/file-store.ts'
import { makeWorkQueue } from '../clients/work-queue.ts'
import { readNotice } from '../domain/files/read-notice.ts'
import type { RangeMessage } from '../flows/file-deps.ts'
import { finishImport } from '../flows/finish-import.ts'
import { type PlanDeps, planFile } from '../flows/plan-file.ts'
import { makeDynamoForQueues, queueTimeouts } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type QueueHandler, queueHandler } from '../runtime/queue-batch.ts'
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
  return makePlanCustomEvents({
    ledger: makeImportStore(dynamo, env.SETTINGS_TABLE),
    files: makeFileStore(new S3Client(queueTimeouts), env.DATA_BUCKET),
    findOrg: makeSettingsStore(dynamo, env.SETTINGS_TABLE).findOrg,
    sendRanges: makeWorkQueue<RangeMessage>(new SQSClient(queueTimeouts), env.RANGES_QUEUE_URL).send,
    now: Date.now,
    log: makeLog('PlanCustomEvents'),
  })
}

// ---- once per request ----
export interface PlanCustomEventsDeps extends PlanDeps {
  readonly log: Log
}

export function makePlanCustomEvents(deps: PlanCustomEventsDeps): QueueHandler {
  return queueHandler(deps.log, async (body) => {
    for (const notice of readNotice(body)) {
      if (notice.kind === 'plan') {
        deps.log('info', 'file looked at', { outcome: await planFile(deps, notice.key, notice.importId) })
      } else {
        const { org, importId, stuck } = notice
        deps.log('info', 'import ended', { org, importId, outcome: await finishImport(deps, org, importId, stuck) })
      }
    }
  })
}
