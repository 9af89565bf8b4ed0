// Turns what DynamoDB Streams returns into the records that Lambda hands to a function.
import { at, findNumber, isRecord, type Json, type JsonRecord, recordAt, textAt } from '../json.ts'
import { REGION } from '../template/intrinsics.ts'

export type StreamRecord = {
  readonly sequenceNumber: string
  /** The item's keys as text: records of one item stay in order. */
  readonly partition: string
  readonly createdMs: number
  /** The record as the function sees it. */
  readonly event: JsonRecord
}

/** `partitionKey` is the table's; records of one partition key value go through one lane. */
export const streamRecordOf = (raw: Json, streamArn: string, partitionKey: string): StreamRecord => {
  const dynamodb = recordAt(raw, 'dynamodb')
  const createdSeconds = findNumber(dynamodb, 'ApproximateCreationDateTime') ?? Date.now() / 1_000
  const user = at(raw, 'userIdentity')
  return {
    sequenceNumber: textAt(dynamodb, 'SequenceNumber'),
    partition: JSON.stringify(at(dynamodb, 'Keys', partitionKey) ?? null),
    createdMs: createdSeconds * 1_000,
    event: {
      eventID: textAt(raw, 'eventID'),
      eventName: textAt(raw, 'eventName'),
      eventVersion: textAt(raw, 'eventVersion') || '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: REGION,
      dynamodb: { ...dynamodb, ApproximateCreationDateTime: Math.floor(createdSeconds) },
      ...(isRecord(user)
        ? {
            userIdentity: {
              type: textAt(user, 'Type') || textAt(user, 'type'),
              principalId: textAt(user, 'PrincipalId') || textAt(user, 'principalId'),
            },
          }
        : {}),
      eventSourceARN: streamArn,
    },
  }
}
