// Looks at the state of every org for what is news.
import type { Construct } from 'constructs'
import { type Alerting, evaluateTimeoutSeconds } from '../alerting.ts'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'

interface EvaluateAlertsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly alerting: Alerting
}

export class EvaluateAlerts extends LambdaFunction<'EvaluateAlerts'> {
  constructor(scope: Construct, { stage, tables, alerting }: EvaluateAlertsProps) {
    super(scope, 'EvaluateAlerts', {
      stage,
      timeoutSeconds: evaluateTimeoutSeconds,
      description: 'Looks at the state of every org and has told what is news',
      environment: {
        EVENTS_TABLE: tables.names.EVENTS_TABLE,
        OUTCOMES_TABLE: tables.names.OUTCOMES_TABLE,
        RESULTS_TABLE: tables.names.RESULTS_TABLE,
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        DELIVERIES_QUEUE_URL: alerting.queue.queueUrl,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'Scan', 'PutItem', 'DeleteItem'])
    tables.grant(this, 'results', ['Query'])
    tables.grant(this, 'events', ['Query'])
    tables.grant(this, 'outcomes', ['BatchGetItem'])
    tables.grantIndex(this)
    alerting.grantSend(this, alerting.queue)
  }
}
