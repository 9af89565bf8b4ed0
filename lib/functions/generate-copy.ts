// Answers with copy: reads settings, keeps serves, notes which copy is in use.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'

interface GenerateCopyProps {
  readonly stage: Stage
  readonly tables: Tables
}

export class GenerateCopy extends LambdaFunction<'GenerateCopy'> {
  constructor(scope: Construct, { stage, tables }: GenerateCopyProps) {
    super(scope, 'GenerateCopy', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Answers generate calls with copy and stores each serve once',
      environment: { EVENTS_TABLE: tables.names.EVENTS_TABLE, SETTINGS_TABLE: tables.names.SETTINGS_TABLE },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'UpdateItem'])
    // GetItem: the serve that a retry asks for again, when the settings would no longer give it.
    tables.grant(this, 'events', ['GetItem', 'PutItem'])
  }
}
