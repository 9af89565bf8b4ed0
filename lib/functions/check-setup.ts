// Asks Customer.io how the set-up stands: the one function that calls its App API.
import { CfnParameter } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { customerioApi, type Stage } from '../config.ts'
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
        CUSTOMERIO_API_US: appApi(scope, 'us'),
        CUSTOMERIO_API_EU: appApi(scope, 'eu'),
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'PutItem', 'UpdateItem'])
    tables.grant(this, 'events', ['BatchGetItem', 'PutItem', 'Query'])
    tables.grant(this, 'results', ['Query'])
    secrets.grantRead(this)
  }
}

/** A parameter, so that a deployment can be pointed at a stand-in without a branch in the code. */
function appApi(scope: Construct, region: keyof typeof customerioApi): string {
  return new CfnParameter(scope, `CustomerioApi${region === 'us' ? 'Us' : 'Eu'}`, {
    description: `Where Customer.io's App API of the region ${region} is`,
    default: customerioApi[region],
    allowedPattern: '^https?://[^/]+$',
  }).valueAsString
}
