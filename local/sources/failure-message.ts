// The message that Lambda sends to a stream mapping's failure destination. It names the records' place, not their content.
import { randomUUID } from 'node:crypto'
import type { GivenUp } from './stream-batch.ts'

export const failureMessage = (
  { records, condition, attempts, outcome }: GivenUp,
  functionArn: string,
  streamArn: string,
  shardId: string,
): string => {
  const [first, last] = [records[0], records.at(-1)]
  const failed = outcome !== undefined && outcome.kind !== 'result'
  return JSON.stringify({
    requestContext: { requestId: randomUUID(), functionArn, condition, approximateInvokeCount: attempts },
    responseContext:
      outcome === undefined
        ? null
        : { statusCode: 200, executedVersion: '$LATEST', functionError: failed ? 'Unhandled' : null },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber ?? '',
      endSequenceNumber: last?.sequenceNumber ?? '',
      approximateArrivalOfFirstRecord: new Date(first?.createdMs ?? 0).toISOString(),
      approximateArrivalOfLastRecord: new Date(last?.createdMs ?? 0).toISOString(),
      batchSize: records.length,
      streamArn,
    },
  })
}
