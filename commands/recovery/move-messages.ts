// Puts dead letters back into the queue they came from. At least once: a crash between the two calls leaves a message in
// both, and whoever works on it finds nothing left to do.
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'

/** About so many messages lie in a queue. */
export async function countMessages(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages' as const]
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0)
}

/** Moves at most as many as lay there at first, so that what dies again at once does not go round for ever. */
export async function moveMessages(
  sqs: SQSClient,
  from: string,
  to: string,
  onMoved: (moved: number, all: number) => void = () => undefined,
): Promise<number> {
  const all = await countMessages(sqs, from)
  let moved = 0
  while (moved < all) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: from,
        MaxNumberOfMessages: Math.min(10, all - moved),
        MessageSystemAttributeNames: ['MessageGroupId'],
        WaitTimeSeconds: 1,
      }),
    )
    if (Messages.length === 0) return moved
    for (const { Body: MessageBody, ReceiptHandle, Attributes } of Messages) {
      const MessageGroupId = Attributes?.MessageGroupId
      await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody, ...(MessageGroupId && { MessageGroupId }) }))
      await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }))
      moved++
      onMoved(moved, all)
    }
  }
  return moved
}

/** Takes out at most so many messages. */
export async function deleteMessages(sqs: SQSClient, QueueUrl: string, count: number): Promise<void> {
  for (let deleted = 0; deleted < count; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: Math.min(10, count - deleted), WaitTimeSeconds: 1 }),
    )
    if (Messages.length === 0) return
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    deleted += Messages.length
  }
}
