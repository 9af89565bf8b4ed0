// Works off a batch of queue messages one by one and reports those that failed, so that only they come again.
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { describeError, type Log } from './log.ts'
import { makeTellMetrics, type TellMetrics } from './tell-metrics.ts'

export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>

/** `work` gets a message's body; what it throws is logged and the message comes again. */
export function queueHandler(
  log: Log,
  work: (body: string) => Promise<void>,
  tellMetrics: TellMetrics = makeTellMetrics(),
): QueueHandler {
  return async ({ Records }) => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = []
    for (const { messageId, body } of Records) {
      try {
        await work(body)
      } catch (error) {
        log('error', 'message failed', { messageId, ...describeError(error) })
        batchItemFailures.push({ itemIdentifier: messageId })
      }
    }
    tellMetrics({})
    return { batchItemFailures }
  }
}
