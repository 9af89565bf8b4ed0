// Called on a schedule: loads files that no notification announced and takes up imports that stand still.
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import * as environments from '../../contract/environments.ts'
import { makeFileStore } from '../clients/file-store.ts'
import { isQueueQuiet } from '../clients/queue-depth.ts'
import { makeWorkQueue } from '../clients/work-queue.ts'
import type { Notice } from '../domain/files/read-notice.ts'
import type { RangeMessage } from '../flows/file-deps.ts'
import { type ReconcileDeps, reconcileFiles } from '../flows/reconcile-files.ts'
import { makeDynamoForQueues, queueTimeouts } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { makeImportStore } from '../store/imports.ts'
import { makeOpenImportStore } from '../store/open-imports.ts'

// ---- called by AWS ----
export const handler = (): Promise<void> => {
  perRequest ??= coldStart()
  return perRequest()
}

// ---- once per cold start ----
let perRequest: ReturnType<typeof makeReconcileFiles> | undefined

function coldStart(): ReturnType<typeof makeReconcileFiles> {
  const env = readEnvironment(environments.ReconcileFiles)
  const dynamo = makeDynamoForQueues()
  const sqs = new SQSClient(queueTimeouts)
  const log = makeLog('ReconcileFiles')
  return makeReconcileFiles({
    ledger: makeImportStore(dynamo, env.SETTINGS_TABLE),
    open: makeOpenImportStore(dynamo, env.SETTINGS_TABLE),
    files: makeFileStore(new S3Client(queueTimeouts), env.DATA_BUCKET),
    sendRanges: makeWorkQueue<RangeMessage>(sqs, env.RANGES_QUEUE_URL).send,
    sendNotices: makeWorkQueue<Notice>(sqs, env.NOTICES_QUEUE_URL).send,
    isQuiet: () => isQueueQuiet(sqs, env.RANGES_QUEUE_URL),
    now: Date.now,
    tellFailure: (org, error) => log('error', 'file not reconciled', { org, ...describeError(error) }),
    log,
    tellMetrics: makeTellMetrics(),
  })
}

// ---- once per request ----
export interface ReconcileFilesDeps extends ReconcileDeps {
  readonly log: Log
  readonly tellMetrics: TellMetrics
}

export function makeReconcileFiles(deps: ReconcileFilesDeps) {
  return async (): Promise<void> => {
    const reconciled = await reconcileFiles(deps)
    deps.log('info', 'files reconciled', { ...reconciled })
    deps.tellMetrics({ OldestFileAge: Math.round(reconciled.oldestMs / 1_000) })
  }
}
