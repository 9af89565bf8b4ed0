// The metrics that AWS itself would write, from what the engine sees of the same facts. Named and dimensioned as AWS does.
import type { Queues } from '../emulators/queues.ts'
import type { Stack } from '../template/stack.ts'
import type { MetricLog } from './metric-log.ts'

const READS = /^(Get|BatchGet|Query|Scan|TransactGet)/

export type AwsMetrics = {
  /** One call of a function, from when its process got it, which is when all that is told of it happened. What is returned is
   * told how it ended. */
  readonly invoked: (functionName: string) => (succeeded: boolean) => void
  readonly functionThrottled: (functionName: string) => void
  /** A batch of a stream is handed over. @param createdMs of its last record */
  readonly batchHandedOver: (functionName: string, createdMs: number) => void
  readonly tableThrottled: (tableName: string, operation: string) => void
}

export const makeAwsMetrics = (log: MetricLog): AwsMetrics => ({
  invoked: (functionName) => {
    const startedMs = log.nowMs()
    const put = (name: string, value: number): void =>
      log.put('AWS/Lambda', name, { FunctionName: functionName }, value, startedMs)
    return (succeeded) => {
      put('Invocations', 1)
      put('Errors', succeeded ? 0 : 1)
      put('Duration', log.nowMs() - startedMs)
    }
  },
  functionThrottled: (functionName) => log.put('AWS/Lambda', 'Throttles', { FunctionName: functionName }, 1),
  batchHandedOver: (functionName, createdMs) =>
    log.put('AWS/Lambda', 'IteratorAge', { FunctionName: functionName }, Math.max(0, log.nowMs() - createdMs)),
  tableThrottled: (tableName, operation) =>
    log.put('AWS/DynamoDB', `${READS.test(operation) ? 'Read' : 'Write'}ThrottleEvents`, { TableName: tableName }, 1),
})

/** What a queue tells every minute; here, whenever somebody asks. */
export const sampleQueues = (log: MetricLog, stack: Stack, queues: Queues): void => {
  for (const { name } of stack.of('AWS::SQS::Queue')) {
    const { waiting } = queues.countMessages(name)
    log.put('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: name }, waiting)
  }
}
