// Asks Customer.io how the set-up of every org stands there, and keeps what it says. It changes nothing at Customer.io.
import type { Construct } from 'constructs'
import { askTimeoutSeconds } from '../asking.ts'
import type { Stage } from '../config.ts'
import { customerioAddress } from '../customerio-address.ts'
import type { HttpApi } from '../http-api.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { OrgSecrets } from '../org-secrets.ts'
import type { Tables } from '../tables.ts'

interface WatchCustomerioProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly secrets: OrgSecrets
  readonly api: HttpApi
}

export class WatchCustomerio extends LambdaFunction<'WatchCustomerio'> {
  constructor(scope: Construct, { stage, tables, secrets, api }: WatchCustomerioProps) {
    super(scope, 'WatchCustomerio', {
      stage,
      timeoutSeconds: askTimeoutSeconds,
      description: 'Asks Customer.io again how the set-up of every org stands there',
      environment: {
        API_URL: api.url,
        SETTINGS_TABLE: tables.names.SETTINGS_TABLE,
        SECRET_PREFIX: secrets.prefix,
        CUSTOMERIO_API_US: customerioAddress(scope, 'us'),
        CUSTOMERIO_API_EU: customerioAddress(scope, 'eu'),
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'Scan', 'PutItem'])
    secrets.grantRead(this)
  }
}
