// Sends messages that stay hidden for a while, with the org as their group.
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'

/** SQS delays a message by at most 15 minutes; who wants longer sends it again. */
const longestDelaySeconds = 900

export function makeDelayedQueue<M extends object>(client: SQSClient, queueUrl: string) {
  return async (group: string, message: M, waitMs: number): Promise<void> => {
    const DelaySeconds = Math.min(longestDelaySeconds, Math.max(0, Math.ceil(waitMs / 1_000)))
    const MessageBody = JSON.stringify(message)
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds, MessageGroupId: group }))
  }
}
