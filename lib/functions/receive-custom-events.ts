// Keeps customers' own events.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'

interface ReceiveCustomEventsProps {
  readonly stage: Stage
  readonly tables: Tables
}

export class ReceiveCustomEvents extends LambdaFunction<'ReceiveCustomEvents'> {
  constructor(scope: Construct, { stage, tables }: ReceiveCustomEventsProps) {
    super(scope, 'ReceiveCustomEvents', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: "Stores customers' own events once each",
      environment: { EVENTS_TABLE: tables.names.EVENTS_TABLE, SETTINGS_TABLE: tables.names.SETTINGS_TABLE },
    })
    tables.grant(this, 'settings', ['GetItem', 'UpdateItem'])
    tables.grant(this, 'events', ['BatchGetItem', 'BatchWriteItem', 'PutItem'])
  }
}
