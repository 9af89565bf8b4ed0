// Tells which days are exported, and from where their files can be fetched.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { DataBucket } from '../data-bucket.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'
import type { Tokens } from '../user-pool.ts'

interface ServeExportsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly bucket: DataBucket
  readonly tokens: Tokens
}

export class ServeExports extends LambdaFunction<'ServeExports'> {
  constructor(scope: Construct, { stage, tables, bucket, tokens }: ServeExportsProps) {
    super(scope, 'ServeExports', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Answers which days are exported, and signs addresses of their files',
      environment: {
        ...tokens,
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        DATA_BUCKET: bucket.resource.bucketName,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query'])
    // For the manifests; the addresses that it signs are good for what it may read itself.
    bucket.grant(this, 'exports/', ['GetObject'])
  }
}
