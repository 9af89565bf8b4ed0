// Whether a queue has anything to do, as far as SQS can tell: its counts are approximate and a minute old.
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'

const counts = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const

/** True when no message waits and none is being worked on. */
export async function isQueueQuiet(client: SQSClient, QueueUrl: string): Promise<boolean> {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] }))
  return counts.every((name) => Number(Attributes?.[name] ?? 0) === 0)
}
