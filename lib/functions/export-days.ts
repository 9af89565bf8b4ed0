// Writes the Parquet files of the days that are over or have changed.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { DataBucket } from '../data-bucket.ts'
import { type Exporting, exportTimeoutSeconds } from '../exporting.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'

interface ExportDaysProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly bucket: DataBucket
  readonly exporting: Exporting
}

export class ExportDays extends LambdaFunction<'ExportDays'> {
  constructor(scope: Construct, { stage, tables, bucket, exporting }: ExportDaysProps) {
    super(scope, 'ExportDays', {
      stage,
      timeoutSeconds: exportTimeoutSeconds,
      description: 'Exports days of serves, sends, events and outcomes as Parquet',
      environment: {
        ...tables.names,
        DATA_BUCKET: bucket.resource.bucketName,
        EXPORTS_QUEUE_URL: exporting.queue.queueUrl,
      },
    })
    exporting.run(this)
    tables.grant(this, 'events', ['Query'])
    tables.grant(this, 'settings', ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'PutItem'])
    tables.grant(this, 'outcomes', ['BatchGetItem', 'Query'])
    tables.grant(this, 'results', ['Query'])
    tables.grantIndex(this)
    bucket.grantList(this)
    bucket.grant(this, 'exports/', ['GetObject', 'PutObject', 'DeleteObject'])
  }
}
