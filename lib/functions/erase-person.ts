// Has a person forgotten; the one function that deletes what happened, and what files left in the bucket.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { DataBucket } from '../data-bucket.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'
import { patientTimeoutSeconds } from '../timeouts.ts'
import type { Tokens } from '../user-pool.ts'

interface ErasePersonProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly bucket: DataBucket
  readonly tokens: Tokens
}

export class ErasePerson extends LambdaFunction<'ErasePerson'> {
  constructor(scope: Construct, { stage, tables, bucket, tokens }: ErasePersonProps) {
    const { EVENTS_TABLE, OUTCOMES_TABLE, SETTINGS_TABLE } = tables.names
    super(scope, 'ErasePerson', {
      stage,
      timeoutSeconds: patientTimeoutSeconds,
      description: 'Has a person forgotten, in tables, in what was set aside and beside files',
      environment: { ...tokens, EVENTS_TABLE, OUTCOMES_TABLE, SETTINGS_TABLE, DATA_BUCKET: bucket.resource.bucketName },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'])
    tables.grant(this, 'events', ['Query', 'BatchGetItem', 'DeleteItem', 'BatchWriteItem'])
    tables.grant(this, 'outcomes', ['Query', 'PutItem', 'DeleteItem'])
    bucket.grantList(this)
    bucket.grant(this, 'reports/', ['GetObject', 'PutObject', 'DeleteObject'])
    bucket.grant(this, 'work/', ['GetObject', 'PutObject', 'DeleteObject'])
  }
}
