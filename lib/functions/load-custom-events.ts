// Loads one range of a file.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { DataBucket } from '../data-bucket.ts'
import { type FileLoading, loadTimeoutSeconds } from '../file-loading.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'

interface LoadCustomEventsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly bucket: DataBucket
  readonly loading: FileLoading
}

export class LoadCustomEvents extends LambdaFunction<'LoadCustomEvents'> {
  constructor(scope: Construct, { stage, tables, bucket, loading }: LoadCustomEventsProps) {
    super(scope, 'LoadCustomEvents', {
      stage,
      timeoutSeconds: loadTimeoutSeconds,
      description: 'Loads the events of one range of a file',
      environment: {
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        DATA_BUCKET: bucket.resource.bucketName,
        RANGES_QUEUE_URL: loading.ranges.queueUrl,
        EVENTS_TABLE: tables.names.EVENTS_TABLE,
        NOTICES_QUEUE_URL: loading.notices.queueUrl,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'PutItem', 'DeleteItem', 'Query'])
    tables.grant(this, 'events', ['BatchGetItem', 'BatchWriteItem', 'PutItem'])
    bucket.grantList(this)
    bucket.grant(this, 'incoming/', ['GetObject'])
    bucket.grant(this, 'work/', ['GetObject', 'PutObject'])
  }
}
