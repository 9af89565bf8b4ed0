// Sends word of restatements to their queue.
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { RestatementMessage } from '../../contract/restatement.ts'

/** SQS delays a message by at most 15 minutes. */
const longestDelaySeconds = 900

export type SendRestatement = (message: RestatementMessage, waitMs?: number) => Promise<void>

/** `waitMs`: how long the message stays hidden, rounded up to seconds. */
export function makeRestatementQueue(client: SQSClient, queueUrl: string): SendRestatement {
  return async (message, waitMs = 0) => {
    const DelaySeconds = Math.min(longestDelaySeconds, Math.ceil(waitMs / 1_000))
    // The org is the group, so that a large one does not keep the others waiting.
    const MessageGroupId = message.org
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(message),
        DelaySeconds,
        MessageGroupId,
      }),
    )
  }
}
