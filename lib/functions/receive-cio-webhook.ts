// Keeps what Customer.io reports: reads settings and the signing key, puts events, reads none.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { OrgSecrets } from '../org-secrets.ts'
import type { Tables } from '../tables.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'

interface ReceiveCioWebhookProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly secrets: OrgSecrets
}

export class ReceiveCioWebhook extends LambdaFunction<'ReceiveCioWebhook'> {
  constructor(scope: Construct, { stage, tables, secrets }: ReceiveCioWebhookProps) {
    super(scope, 'ReceiveCioWebhook', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: "Stores Customer.io's reporting events once each",
      environment: {
        EVENTS_TABLE: tables.names.EVENTS_TABLE,
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        SECRET_PREFIX: secrets.prefix,
      },
    })
    tables.grant(this, 'settings', ['GetItem'])
    // Query: which parts of a large body set aside are there already.
    tables.grant(this, 'events', ['PutItem', 'Query'])
    secrets.grantRead(this)
  }
}
