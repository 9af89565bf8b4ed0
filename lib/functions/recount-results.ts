// Reads everything that is stored and changes nothing of it: it stores what it found of each org, and how far it is.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { DataBucket } from '../data-bucket.ts'
import { LambdaFunction } from '../lambda-function.ts'
import { recountTimeoutSeconds } from '../recounting.ts'
import type { Tables } from '../tables.ts'

interface RecountResultsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly bucket: DataBucket
}

export class RecountResults extends LambdaFunction<'RecountResults'> {
  constructor(scope: Construct, { stage, tables, bucket }: RecountResultsProps) {
    super(scope, 'RecountResults', {
      stage,
      timeoutSeconds: recountTimeoutSeconds,
      description: 'Recounts results at night, and accounts for every event that was accepted',
      environment: { ...tables.names, DATA_BUCKET: bucket.resource.bucketName },
    })
    tables.grant(this, 'events', ['Scan', 'Query'])
    tables.grant(this, 'outcomes', ['Scan', 'BatchGetItem'])
    tables.grant(this, 'results', ['Scan', 'Query'])
    tables.grant(this, 'settings', ['Scan', 'Query', 'GetItem', 'PutItem'])
    bucket.grant(this, 'work/', ['GetObject', 'PutObject'])
  }
}
