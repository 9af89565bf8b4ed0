// Cuts dropped files into ranges, and writes the reports on them.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { DataBucket } from '../data-bucket.ts'
import { type FileLoading, planTimeoutSeconds } from '../file-loading.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'

interface PlanCustomEventsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly bucket: DataBucket
  readonly loading: FileLoading
}

export class PlanCustomEvents extends LambdaFunction<'PlanCustomEvents'> {
  constructor(scope: Construct, { stage, tables, bucket, loading }: PlanCustomEventsProps) {
    super(scope, 'PlanCustomEvents', {
      stage,
      timeoutSeconds: planTimeoutSeconds,
      description: 'Cuts dropped files into ranges, and writes the reports on those that are loaded',
      environment: {
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        DATA_BUCKET: bucket.resource.bucketName,
        RANGES_QUEUE_URL: loading.ranges.queueUrl,
        NOTICES_QUEUE_URL: loading.notices.queueUrl,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'PutItem', 'DeleteItem', 'Query', 'BatchWriteItem'])
    bucket.grantList(this)
    bucket.grant(this, 'incoming/', ['GetObject'])
    bucket.grant(this, 'work/', ['GetObject', 'PutObject'])
    bucket.grant(this, 'reports/', ['GetObject', 'PutObject', 'DeleteObject', 'AbortMultipartUpload'])
  }
}
