// Sends messages to a queue, each with the org as its group: a standard queue then serves the orgs in turn, so that a large
// file of one does not keep the others waiting.
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'

export interface WorkQueue<M extends object> {
  /** `group`: the org. @throws when not all were taken; those that were may be sent again */
  readonly send: (group: string, messages: readonly M[]) => Promise<void>
}

/** SQS's limit for one call. */
const messagesPerCall = 10

export function makeWorkQueue<M extends object>(client: SQSClient, queueUrl: string): WorkQueue<M> {
  return {
    async send(group, messages) {
      for (let at = 0; at < messages.length; at += messagesPerCall) {
        const Entries = messages.slice(at, at + messagesPerCall).map((message, position) => ({
          Id: String(position),
          MessageBody: JSON.stringify(message),
          MessageGroupId: group,
        }))
        const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
        if (Failed.length > 0) throw new Error(`the queue refused ${Failed.length} messages: ${Failed[0]?.Code}`)
      }
    },
  }
}
