// The template's queues: fauxqs in this process, in memory. What a restart loses here, the product must heal.
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import type { Upstream } from '../gate/forward.ts'
import { findText, isRecord } from '../json.ts'
import type { Resource } from '../template/stack.ts'

export type Queues = {
  readonly upstream: Upstream
  readonly send: (queueName: string, body: string) => void
  /** Messages that wait, are delayed, or are being worked on. */
  readonly countMessages: (queueName: string) => { readonly waiting: number; readonly inFlight: number }
  readonly visibilityTimeoutSeconds: (queueName: string) => number
  readonly stop: () => Promise<void>
}

const ATTRIBUTES = [
  'VisibilityTimeout',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
]
/** SQS raised its limit to 1 MiB; fauxqs still starts from 256 KiB. */
const MAXIMUM_MESSAGE_BYTES = 1_048_576

const attributesOf = ({ properties }: Resource): Record<string, string> => {
  const attributes: Record<string, string> = { MaximumMessageSize: String(MAXIMUM_MESSAGE_BYTES) }
  for (const name of ATTRIBUTES) {
    const value = findText(properties, name)
    if (value !== undefined) attributes[name] = value
  }
  const redrive = properties.RedrivePolicy
  if (isRecord(redrive))
    attributes.RedrivePolicy = JSON.stringify({
      ...redrive,
      maxReceiveCount: Number(findText(redrive, 'maxReceiveCount') ?? 1),
    })
  return attributes
}

export const startQueues = async (resources: readonly Resource[]): Promise<Queues> => {
  const server: FauxqsServer = await startFauxqs({ port: 0, logger: false })
  for (const resource of resources) server.createQueue(resource.name, { attributes: attributesOf(resource) })
  return {
    upstream: { host: '127.0.0.1', port: server.port },
    send: (queueName, body) => {
      server.sendMessage(queueName, body)
    },
    countMessages: (queueName) => {
      const messages = server.inspectQueue(queueName)?.messages
      return {
        waiting: (messages?.ready.length ?? 0) + (messages?.delayed.length ?? 0),
        inFlight: messages?.inflight.length ?? 0,
      }
    },
    visibilityTimeoutSeconds: (queueName) => Number(server.inspectQueue(queueName)?.attributes.VisibilityTimeout ?? 30),
    stop: () => server.stop(),
  }
}
