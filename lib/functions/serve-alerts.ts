// Serves the settings of alerts, their destinations and the deliveries.
import type { Construct } from 'constructs'
import type { AlertSecrets } from '../alert-secrets.ts'
import type { Alerting } from '../alerting.ts'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'
import type { Tokens } from '../user-pool.ts'

interface ServeAlertsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly tokens: Tokens
  readonly alerting: Alerting
  readonly alertSecrets: AlertSecrets
}

export class ServeAlerts extends LambdaFunction<'ServeAlerts'> {
  constructor(scope: Construct, { stage, tables, tokens, alerting, alertSecrets }: ServeAlertsProps) {
    super(scope, 'ServeAlerts', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Answers what an org is told of and where, and how deliveries went',
      environment: {
        ...tokens,
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        DELIVERIES_QUEUE_URL: alerting.queue.queueUrl,
        ALERT_SECRET_PREFIX: alertSecrets.prefix,
        ALERT_TEST_HOSTS: alerting.testHosts,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'PutItem', 'DeleteItem'])
    alertSecrets.grantManage(this)
    alerting.grantSend(this, alerting.queue)
  }
}
