// Counts anew what a changed setting counts otherwise.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import { type Restating, remeasureTimeoutSeconds } from '../restating.ts'
import type { Tables } from '../tables.ts'

interface RemeasureOutcomesProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly restating: Restating
}

export class RemeasureOutcomes extends LambdaFunction<'RemeasureOutcomes'> {
  constructor(scope: Construct, { stage, tables, restating }: RemeasureOutcomesProps) {
    super(scope, 'RemeasureOutcomes', {
      stage,
      timeoutSeconds: remeasureTimeoutSeconds,
      description: 'Counts anew what a changed setting counts otherwise',
      environment: { ...tables.names, RESTATEMENT_QUEUE_URL: restating.queue.queueUrl },
    })
    restating.run(this)
    tables.grant(this, 'events', ['Query', 'BatchWriteItem'])
    tables.grant(this, 'settings', ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'])
    tables.grant(this, 'outcomes', ['BatchGetItem', 'Query', 'PutItem', 'DeleteItem'])
    tables.grant(this, 'results', ['Query', 'UpdateItem'])
    tables.grantIndex(this)
  }
}
