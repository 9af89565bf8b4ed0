// Answers results, and reads nothing else.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'
import type { Tokens } from '../user-pool.ts'

interface ReadResultsProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly tokens: Tokens
}

export class ReadResults extends LambdaFunction<'ReadResults'> {
  constructor(scope: Construct, { stage, tables, tokens }: ReadResultsProps) {
    super(scope, 'ReadResults', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Answers what became of the sends of a template',
      environment: {
        ...tokens,
        RESULTS_TABLE: tables.names.RESULTS_TABLE,
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'UpdateItem'])
    tables.grant(this, 'results', ['Query'])
  }
}
