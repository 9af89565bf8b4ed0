// Asks Customer.io how the set-up stands.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import { customerioAddress } from '../customerio-address.ts'
import type { HttpApi } from '../http-api.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { OrgSecrets } from '../org-secrets.ts'
import type { Tables } from '../tables.ts'
import { patientTimeoutSeconds } from '../timeouts.ts'
import type { Tokens } from '../user-pool.ts'

interface CheckSetupProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly secrets: OrgSecrets
  readonly tokens: Tokens
  readonly api: HttpApi
}

export class CheckSetup extends LambdaFunction<'CheckSetup'> {
  constructor(scope: Construct, { stage, tables, secrets, tokens, api }: CheckSetupProps) {
    super(scope, 'CheckSetup', {
      stage,
      timeoutSeconds: patientTimeoutSeconds,
      description: 'Asks Customer.io how the set-up stands, mends it, fills gaps, and tells health',
      environment: {
        ...tokens,
        API_URL: api.url,
        EVENTS_TABLE: tables.names.EVENTS_TABLE,
        RESULTS_TABLE: tables.names.RESULTS_TABLE,
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        SECRET_PREFIX: secrets.prefix,
        CUSTOMERIO_API_US: customerioAddress(scope, 'us'),
        CUSTOMERIO_API_EU: customerioAddress(scope, 'eu'),
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'PutItem', 'UpdateItem'])
    tables.grant(this, 'events', ['BatchGetItem', 'PutItem', 'Query'])
    tables.grant(this, 'results', ['Query'])
    secrets.grantRead(this)
  }
}
