// Turns events into outcomes and results.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'

interface MeasureOutcomesProps {
  readonly stage: Stage
  readonly tables: Tables
}

/** A batch of 100 needs a second or two; the rest is for lost races and a slow table. */
const timeoutSeconds = 60

export class MeasureOutcomes extends LambdaFunction<'MeasureOutcomes'> {
  constructor(scope: Construct, { stage, tables }: MeasureOutcomesProps) {
    super(scope, 'MeasureOutcomes', {
      stage,
      timeoutSeconds,
      description: 'Brings outcomes and results up to date with the events that arrived',
      environment: tables.names,
    })
    tables.grant(this, 'events', ['Query', 'BatchWriteItem'])
    tables.grant(this, 'settings', ['GetItem', 'BatchGetItem'])
    tables.grant(this, 'outcomes', ['BatchGetItem', 'Query', 'PutItem', 'DeleteItem'])
    tables.grant(this, 'results', ['UpdateItem'])
  }
}
