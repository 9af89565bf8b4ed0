// What the stream of `events` says: which subjects a batch of records is about, and when the oldest was written.
import type { DynamoDBRecord } from 'aws-lambda'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import { type ArrivedSubject, findArrivedSubject } from './subjects.ts'

export interface Arrived extends ArrivedSubject {
  readonly sequenceNumber: string
}

/** The subject of each record that has one. What has expired is no news: outcomes outlive their events. */
export function readArrived(records: readonly DynamoDBRecord[]): Arrived[] {
  return records.flatMap(({ dynamodb, userIdentity }) => {
    if (userIdentity?.type === 'Service') return []
    const found = findArrivedSubject(dynamodb?.NewImage ?? dynamodb?.OldImage)
    const sequenceNumber = dynamodb?.SequenceNumber
    return found === undefined || sequenceNumber === undefined ? [] : [{ ...found, sequenceNumber }]
  })
}

/** Unique among all orgs, whose deliveries may have equal ids. */
export function nameArrived({ org, subject: { kind, id } }: ArrivedSubject): string {
  return `${org}#${kind}#${id}`
}

/** Several records of one subject are one piece of work. */
export function uniqueSubjects(arrived: readonly Arrived[]): SubjectRef[] {
  const groups = Map.groupBy(arrived, nameArrived)
  return [...groups.values()].flatMap((group) => {
    const first = group[0]?.subject
    return first === undefined ? [] : [{ ...first, joins: group.some(({ subject }) => subject.joins) }]
  })
}

/** When the oldest of some records was written, to the second; now, where none says. */
export function oldestWrittenMs(records: readonly DynamoDBRecord[], nowMs: number): number {
  const seconds = records.map(({ dynamodb }) => dynamodb?.ApproximateCreationDateTime ?? nowMs / 1_000)
  return Math.min(nowMs, ...seconds.map((each) => each * 1_000))
}
