// Computes the weights of all templates.
import type { Construct } from 'constructs'
import { allocateTimeoutSeconds } from '../allocating.ts'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { Tables } from '../tables.ts'

interface UpdateAllocationsProps {
  readonly stage: Stage
  readonly tables: Tables
}

export class UpdateAllocations extends LambdaFunction<'UpdateAllocations'> {
  constructor(scope: Construct, { stage, tables }: UpdateAllocationsProps) {
    super(scope, 'UpdateAllocations', {
      stage,
      timeoutSeconds: allocateTimeoutSeconds,
      description: 'Computes the weights of all templates from what has matured',
      environment: { RESULTS_TABLE: tables.names.RESULTS_TABLE, SETTINGS_TABLE: tables.names.SETTINGS_TABLE },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'Scan', 'PutItem'])
    tables.grant(this, 'results', ['Query'])
  }
}
