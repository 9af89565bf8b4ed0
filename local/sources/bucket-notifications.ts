// S3 bucket notifications, to functions and queues, as the template asks: from the bucket's own property or from CDK's
// custom resource. At least once, unordered: whoever listens must expect no more.
import { randomBytes } from 'node:crypto'
import type { ObjectEvent } from '../emulators/buckets.ts'
import { findText, type Json, type JsonRecord, listAt, recordAt, textAt, textsAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import { ACCOUNT_ID, REGION } from '../template/intrinsics.ts'
import type { Stack } from '../template/stack.ts'

type Target = { readonly kind: 'function' | 'queue'; readonly name: string }
export type Notification = {
  readonly bucket: string
  readonly id: string
  readonly events: readonly string[]
  readonly prefix: string
  readonly suffix: string
  readonly target: Target
}

const lastPart = (arn: string): string => arn.split(':').at(-1) ?? ''

const notificationOf = (
  bucket: string,
  id: string,
  events: readonly string[],
  rules: readonly Json[],
  target: Target,
): Notification => {
  const rule = (name: string): string =>
    textAt(
      rules.find((each) => textAt(each, 'Name').toLowerCase() === name),
      'Value',
    )
  return { bucket, id, events, prefix: rule('prefix'), suffix: rule('suffix'), target }
}

const fromProperty = (bucket: string, configuration: JsonRecord): Notification[] => {
  const read = (list: string, arnKey: string, kind: Target['kind']): Notification[] =>
    listAt(configuration, list).map((each, index) =>
      notificationOf(bucket, `${kind}-${index}`, textsAt(each, 'Event'), listAt(each, 'Filter', 'S3Key', 'Rules'), {
        kind,
        name: lastPart(textAt(each, arnKey)),
      }),
    )
  return [...read('LambdaConfigurations', 'Function', 'function'), ...read('QueueConfigurations', 'Queue', 'queue')]
}

const fromCustomResource = (bucket: string, configuration: JsonRecord): Notification[] => {
  const read = (list: string, arnKey: string, kind: Target['kind']): Notification[] =>
    listAt(configuration, list).map((each, index) =>
      notificationOf(
        bucket,
        findText(each, 'Id') ?? `${kind}-${index}`,
        textsAt(each, 'Events'),
        listAt(each, 'Filter', 'Key', 'FilterRules'),
        { kind, name: lastPart(textAt(each, arnKey)) },
      ),
    )
  return [
    ...read('LambdaFunctionConfigurations', 'LambdaFunctionArn', 'function'),
    ...read('QueueConfigurations', 'QueueArn', 'queue'),
  ]
}

/** Every notification of the stack; throws LocalProblem for one that leads elsewhere than to a function or a queue. */
export const notificationsOf = (stack: Stack): Notification[] => {
  const configured = [
    ...stack.of('AWS::S3::Bucket').map(({ name, properties }) => ({
      bucket: name,
      configuration: recordAt(properties, 'NotificationConfiguration'),
      read: fromProperty,
    })),
    ...stack.of('Custom::S3BucketNotifications').map(({ properties }) => ({
      bucket: textAt(properties, 'BucketName'),
      configuration: recordAt(properties, 'NotificationConfiguration'),
      read: fromCustomResource,
    })),
  ]
  return configured.flatMap(({ bucket, configuration, read }) => {
    if (listAt(configuration, 'TopicConfigurations').length > 0)
      throw new LocalProblem(
        `The bucket ${bucket} notifies a topic; the local deployment notifies functions and queues only.`,
      )
    return read(bucket, configuration)
  })
}

/** Whether a notification is meant for an event: `s3:ObjectCreated:*` covers every way of creating. */
export const isMeant = ({ bucket, events, prefix, suffix }: Notification, event: ObjectEvent): boolean =>
  bucket === event.bucket &&
  event.key.startsWith(prefix) &&
  event.key.endsWith(suffix) &&
  events.some(
    (each) =>
      each === `s3:${event.event}` || (each.endsWith(':*') && `s3:${event.event}`.startsWith(each.slice(0, -1))),
  )

/** A key as S3 writes it in notifications: URL-encoded, `+` for a space, slashes as they are. */
export const encodedKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
    .replace(/[!'()]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)

export const notificationMessage = ({ id }: Notification, event: ObjectEvent): JsonRecord => ({
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: REGION,
      eventTime: new Date().toISOString(),
      eventName: event.event,
      userIdentity: { principalId: `AWS:${ACCOUNT_ID}` },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: {
        'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
        'x-amz-id-2': randomBytes(16).toString('base64'),
      },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: id,
        bucket: { name: event.bucket, ownerIdentity: { principalId: ACCOUNT_ID }, arn: `arn:aws:s3:::${event.bucket}` },
        object: {
          key: encodedKey(event.key),
          sequencer: event.sequencer,
          ...(event.event.startsWith('ObjectCreated') ? { size: event.sizeBytes, eTag: event.etag } : {}),
        },
      },
    },
  ],
})

/** What S3 sends to a queue when a notification is set up. */
export const testMessage = (bucket: string): JsonRecord => ({
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: new Date().toISOString(),
  Bucket: bucket,
  RequestId: randomBytes(8).toString('hex').toUpperCase(),
  HostId: 'local',
})
