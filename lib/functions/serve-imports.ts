// Answers what became of dropped files.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { FileLoading } from '../file-loading.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'
import type { Tokens } from '../user-pool.ts'

interface ServeImportsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly loading: FileLoading
  readonly tokens: Tokens
}

export class ServeImports extends LambdaFunction<'ServeImports'> {
  constructor(scope: Construct, { stage, tables, loading, tokens }: ServeImportsProps) {
    super(scope, 'ServeImports', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Answers what became of dropped files, and takes up again those that failed',
      environment: {
        ...tokens,
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        NOTICES_QUEUE_URL: loading.notices.queueUrl,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'PutItem', 'Query'])
    loading.grantSend(this, loading.notices)
  }
}
