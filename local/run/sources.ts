// Wires what sets functions off besides the API: event source mappings, bucket notifications, schedules.
import type { AsynchronousInvoker } from '../functions/asynchronous.ts'
import type { FunctionPool } from '../functions/pool.ts'
import { makeAwsCaller } from '../gate/aws-call.ts'
import type { FunctionCaller } from '../gate/caller.ts'
import type { Upstream } from '../gate/forward.ts'
import type { Json } from '../json.ts'
import type { AwsMetrics } from '../metrics/aws-metrics.ts'
import { LocalProblem } from '../problem.ts'
import { mappingOf } from '../sources/mapping.ts'
import { startQueueSource } from '../sources/queue-source.ts'
import { startSchedules } from '../sources/schedules.ts'
import type { Source } from '../sources/source.ts'
import { startStreamSource } from '../sources/stream-source.ts'
import type { TableNews } from '../sources/table-news.ts'
import { ACCOUNT_ID } from '../template/intrinsics.ts'
import type { Stack } from '../template/stack.ts'
import type { DataFolder } from './data-folder.ts'
import type { Emulators } from './emulators.ts'
import type { Stopping } from './stopping.ts'

export type SourcesDeps = {
  readonly stack: Stack
  readonly emulators: Emulators
  readonly pools: ReadonlyMap<string, FunctionPool>
  readonly callers: ReadonlyMap<string, FunctionCaller>
  readonly gate: Upstream
  readonly gateUrl: string
  readonly folder: DataFolder
  readonly news: TableNews
  readonly asynchronous: AsynchronousInvoker
  readonly metrics: AwsMetrics
  readonly trouble: (where: string) => (error: unknown) => void
}

/** Starts every event source mapping of the stack. */
export const startMappings = async (deps: SourcesDeps): Promise<Source[]> => {
  const { stack, emulators, pools, callers, trouble } = deps
  const mappings = stack
    .of('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties.Enabled !== false)
    .map(mappingOf)
  return Promise.all(
    mappings.map((mapping): Promise<Source> => {
      const pool = pools.get(mapping.functionName)
      const caller = callers.get(mapping.functionName)
      if (pool === undefined || caller === undefined)
        throw new LocalProblem(
          `${mapping.id} names the function ${mapping.functionName}, which the template does not declare.`,
        )
      const call = makeAwsCaller(deps.gate, caller.credentials)
      const common = { mapping, pool, call, onTrouble: trouble(mapping.id) }
      if (mapping.sourceArn.includes(':sqs:')) {
        const queueName = mapping.sourceArn.split(':').at(-1) ?? ''
        return startQueueSource({
          ...common,
          queueUrl: `${deps.gateUrl}/${ACCOUNT_ID}/${queueName}`,
          queues: emulators.queues,
        })
      }
      const table = emulators.tables.get(mapping.sourceArn.split('/')[1] ?? '')
      if (table === undefined || !mapping.sourceArn.includes('/stream/'))
        throw new LocalProblem(
          `${mapping.id} reads ${mapping.sourceArn}, which is neither a table's stream nor a queue of this stack.`,
        )
      return startStreamSource({
        ...common,
        table,
        checkpointPath: deps.folder.checkpoint(mapping.id),
        news: deps.news,
        role: caller.role,
        gateUrl: deps.gateUrl,
        metrics: deps.metrics,
      })
    }),
  )
}

/** Starts the schedules, which reach functions and queues by ARN. */
export const startTimers = ({ stack, asynchronous, emulators }: SourcesDeps, stopping: Stopping): void => {
  const send = (targetArn: string, input: Json): void => {
    const name = targetArn.split(':').at(-1) ?? ''
    if (targetArn.includes(':lambda:')) asynchronous.invoke(name, input)
    else if (targetArn.includes(':sqs:')) emulators.queues.send(name, JSON.stringify(input))
  }
  stopping.add(startSchedules(stack, send))
}
