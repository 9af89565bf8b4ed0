// Reads everything that is stored and changes nothing of it: it stores what it found of each org.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import { recountTimeoutSeconds } from '../recounting.ts'
import type { Tables } from '../tables.ts'

interface RecountResultsProps {
  readonly stage: Stage
  readonly tables: Tables
}

export class RecountResults extends LambdaFunction<'RecountResults'> {
  constructor(scope: Construct, { stage, tables }: RecountResultsProps) {
    super(scope, 'RecountResults', {
      stage,
      timeoutSeconds: recountTimeoutSeconds,
      description: 'Recounts results at night, and accounts for every event that was accepted',
      environment: tables.names,
    })
    tables.grant(this, 'events', ['Scan'])
    tables.grant(this, 'outcomes', ['Scan', 'BatchGetItem'])
    tables.grant(this, 'results', ['Scan'])
    tables.grant(this, 'settings', ['Scan', 'GetItem', 'PutItem'])
  }
}
