// Says where files may be put, and answers what became of them.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { DataBucket } from '../data-bucket.ts'
import type { FileLoading } from '../file-loading.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'
import type { Tokens } from '../user-pool.ts'

interface ServeImportsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly bucket: DataBucket
  readonly loading: FileLoading
  readonly tokens: Tokens
}

export class ServeImports extends LambdaFunction<'ServeImports'> {
  constructor(scope: Construct, { stage, tables, bucket, loading, tokens }: ServeImportsProps) {
    super(scope, 'ServeImports', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Answers what became of dropped files, and takes up again those that failed',
      environment: {
        ...tokens,
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        DATA_BUCKET: bucket.resource.bucketName,
        NOTICES_QUEUE_URL: loading.notices.queueUrl,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'PutItem', 'Query', 'UpdateItem'])
    // For the addresses that it signs: whoever holds one may do what this function may, and no more.
    bucket.grant(this, 'incoming/', ['PutObject'])
    bucket.grant(this, 'reports/', ['GetObject'])
    loading.grantSend(this, loading.notices)
  }
}
