// Finds files that nobody announced: lists the bucket, reads no file.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { DataBucket } from '../data-bucket.ts'
import { type FileLoading, reconcileTimeoutSeconds } from '../file-loading.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'

interface ReconcileFilesProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly bucket: DataBucket
  readonly loading: FileLoading
}

export class ReconcileFiles extends LambdaFunction<'ReconcileFiles'> {
  constructor(scope: Construct, { stage, tables, bucket, loading }: ReconcileFilesProps) {
    super(scope, 'ReconcileFiles', {
      stage,
      timeoutSeconds: reconcileTimeoutSeconds,
      description: 'Loads files that nobody announced and takes up imports that stand still',
      environment: {
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        DATA_BUCKET: bucket.resource.bucketName,
        RANGES_QUEUE_URL: loading.ranges.queueUrl,
        NOTICES_QUEUE_URL: loading.notices.queueUrl,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'PutItem', 'DeleteItem', 'Query'])
    bucket.grantList(this)
  }
}
