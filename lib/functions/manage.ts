// Serves the console and administrators; the one function that writes an org's secrets.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import type { HttpApi } from '../http-api.ts'
import { LambdaFunction } from '../lambda-function.ts'
import type { OrgSecrets } from '../org-secrets.ts'
import type { Restating } from '../restating.ts'
import type { Tables } from '../tables.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'
import type { Tokens } from '../user-pool.ts'

interface ManageProps {
  readonly stage: Stage
  readonly tables: Tables
  readonly secrets: OrgSecrets
  readonly tokens: Tokens
  readonly api: HttpApi
  readonly restating: Restating
}

export class Manage extends LambdaFunction<'Manage'> {
  constructor(scope: Construct, { stage, tables, secrets, tokens, api, restating }: ManageProps) {
    super(scope, 'Manage', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Serves the console and administrators: settings, keys, copy, quarantine',
      environment: {
        ...tokens,
        ...tables.names,
        API_URL: api.url,
        SECRET_PREFIX: secrets.prefix,
        RESTATEMENT_QUEUE_URL: restating.queue.queueUrl,
      },
    })
    tables.grant(this, 'settings', ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'])
    tables.grant(this, 'events', ['Query', 'BatchGetItem', 'PutItem', 'DeleteItem'])
    tables.grant(this, 'outcomes', ['Query', 'BatchGetItem'])
    tables.grantIndex(this)
    secrets.grantWrite(this)
    restating.grantSend(this)
  }
}
