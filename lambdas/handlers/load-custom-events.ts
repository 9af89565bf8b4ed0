// Called by the queue of ranges: loads one range of a file.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import * as environments from '../../contract/environments.ts'
import { makeFileStore } from '../clients/file-store.ts'
import { makeWorkQueue } from '../clients/work-queue.ts'
import type { Notice } from '../domain/files/read-notice.ts'
import { type RangeMessage, rangeMessageSchema } from '../flows/file-deps.ts'
import { type LoadDeps, loadRange } from '../flows/load-range.ts'
import { queueTimeouts } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type QueueHandler, queueHandler } from '../runtime/queue-batch.ts'
import { makeFileEventStore } from '../store/file-events.ts'
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
  const env = readEnvironment(environments.LoadCustomEvents)
  // Hundreds of batches at once: on a table that is short of capacity each takes its time, and none is worth giving up for it.
  const dynamo = new DynamoDBClient(queueTimeouts)
  const sqs = new SQSClient(queueTimeouts)
  return makeLoadCustomEvents({
    ledger: makeImportStore(dynamo, env.SETTINGS_TABLE),
    files: makeFileStore(new S3Client(queueTimeouts), env.DATA_BUCKET),
    events: makeFileEventStore(dynamo, env.EVENTS_TABLE),
    findOrg: makeSettingsStore(dynamo, env.SETTINGS_TABLE).findOrg,
    sendRanges: makeWorkQueue<RangeMessage>(sqs, env.RANGES_QUEUE_URL).send,
    sendNotices: makeWorkQueue<Notice>(sqs, env.NOTICES_QUEUE_URL).send,
    now: Date.now,
    log: makeLog('LoadCustomEvents'),
  })
}

// ---- once per request ----
export interface LoadCustomEventsDeps extends LoadDeps {
  readonly log: Log
}

export function makeLoadCustomEvents(deps: LoadCustomEventsDeps): QueueHandler {
  return queueHandler(deps.log, async (body) => {
    const message = rangeMessageSchema.parse(JSON.parse(body))
    const startedAtMs = deps.now()
    const outcome = await loadRange(deps, message)
    deps.log('info', 'range loaded', { ...message, outcome, ms: deps.now() - startedAtMs })
  })
}
