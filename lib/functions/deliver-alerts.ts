// Sends alerts to the addresses that orgs chose: the one function that calls what somebody else names.
import type { Construct } from 'constructs'
import type { AlertSecrets } from '../alert-secrets.ts'
import { type Alerting, deliverTimeoutSeconds } from '../alerting.ts'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'

interface DeliverAlertsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly alerting: Alerting
  readonly alertSecrets: AlertSecrets
}

export class DeliverAlerts extends LambdaFunction<'DeliverAlerts'> {
  constructor(scope: Construct, { stage, tables, alerting, alertSecrets }: DeliverAlertsProps) {
    super(scope, 'DeliverAlerts', {
      stage,
      timeoutSeconds: deliverTimeoutSeconds,
      description: 'Sends alerts, signed, to the addresses that orgs chose',
      environment: {
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        DELIVERIES_QUEUE_URL: alerting.queue.queueUrl,
        DELIVERIES_FAILED_QUEUE_URL: alerting.failed.queueUrl,
        ALERT_SECRET_PREFIX: alertSecrets.prefix,
        ALERT_TEST_HOSTS: alerting.testHosts,
        ALERT_TEST_CA: alerting.testCa,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'PutItem', 'Query'])
    alertSecrets.grantRead(this)
    alerting.grantSend(this, alerting.queue)
    alerting.grantSend(this, alerting.failed)
  }
}
