// The handler of the console's routes on DynamoDB Local, with an issuer of tokens, secrets in memory and a clock that a
// test sets.
import { randomBytes } from 'node:crypto'
import type { ApiKey, Scope } from '../../contract/api-key.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Org } from '../../contract/org.ts'
import type { Route } from '../../contract/route.ts'
import type { OrgSecret } from '../../contract/secrets.ts'
import { listFields } from '../../lambdas/domain/copy/list-fields.ts'
import { makeRenderer } from '../../lambdas/domain/copy/render-copy.ts'
import { mintApiKey } from '../../lambdas/domain/settings/api-key.ts'
import { type ManageHandlerDeps, makeManage } from '../../lambdas/handlers/manage.ts'
import type { ApiAnswer } from '../../lambdas/runtime/api.ts'
import { makeKeyCheck } from '../../lambdas/runtime/key-check.ts'
import { makeMemberCheck } from '../../lambdas/runtime/member-check.ts'
import { makeTokenCheck } from '../../lambdas/runtime/token-check.ts'
import { makeManageStores } from '../../lambdas/store/manage-stores.ts'
import { makeSettingsStore, type SettingsStore } from '../../lambdas/store/settings.ts'
import { apiEvent } from './api-event.ts'
import { orgOf } from './copy-settings.ts'
import { checkDocumented } from './documented.ts'
import { makeTables, type TestDatabase } from './dynamodb-local.ts'
import { type LeakWatch, makeLeakWatch } from './leak-watch.ts'
import { startTokenIssuer, type TokenIssuer } from './token-issuer.ts'

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly query?: string
}

export interface Managed {
  readonly database: TestDatabase
  readonly settings: SettingsStore
  readonly issuer: TokenIssuer
  /** Knows the secrets of this run; whoever closes the issuer has it look for them. */
  readonly leaks: LeakWatch
  readonly secrets: Map<string, OrgSecret>
  readonly deps: ManageHandlerDeps
  readonly clock: { nowMs: number }
  readonly logged: string[]
  /** Word of restatements that was sent: org and id. */
  readonly told: string[]
  /** A request of somebody with these groups. */
  readonly ask: (groups: readonly string[], method: Route['method'], path: string, asked?: Asked) => Promise<Answered>
  /** A request as it is. An answer that the API document does not describe is thrown. */
  readonly call: (method: Route['method'], path: string, asked?: Asked) => Promise<Answered>
  /** Stores a key of an org and answers it whole. */
  readonly makeKey: (org: string, scopes: Scope[], changes?: Partial<ApiKey>) => Promise<string>
}

export interface Answered {
  readonly status: number
  readonly headers: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

export const apiUrl = 'https://api.example'

/** An org as it is made, with nothing connected. */
export function orgNamed(slug: string, changes: Partial<Org> = {}): Org {
  return { org: orgOf(slug), name: slug, personIdentifier: 'id', currency: 'USD', webhookSignature: 'none', ...changes }
}

/** Starts it with the orgs `acme` and `other`. Close the issuer at the end. */
export async function startManaged(): Promise<Managed> {
  const database = await makeTables()
  const clock = { nowMs: Date.parse('2026-11-24T10:00:00Z') }
  const now = () => clock.nowMs
  const issuer = await startTokenIssuer(now)
  const { client, tables } = database
  const settings = makeSettingsStore(client, tables.settings)
  const stores = makeManageStores(client, tables, now)
  const secrets = new Map<string, OrgSecret>()
  const logged: string[] = []
  const told: string[] = []
  const leaks = makeLeakWatch()
  const deps: ManageHandlerDeps = {
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({ ...stores, now, stage: 'dev' }),
      checkToken: makeTokenCheck({ issuer: issuer.issuer, clientId: issuer.clientId, now }),
      stage: 'dev',
    }),
    ...stores,
    secrets: {
      read: async (org: OrgSlug) => secrets.get(org) ?? {},
      write: async (org: OrgSlug, secret: OrgSecret) => {
        secrets.set(org, secret)
        for (const value of Object.values(secret)) if (value?.includes('key')) leaks.plant(value)
      },
    },
    sendRestatement: async ({ org, id }) => void told.push(`${org} ${id}`),
    unsent: (cause) => void logged.push(String(cause)),
    render: makeRenderer(() => performance.now()),
    fieldsOf: listFields,
    apiUrl,
    stage: 'dev',
    now,
    randomBytes,
    log: (...entry) => void logged.push(JSON.stringify(entry)),
  }
  await settings.putOrg(orgNamed('acme'))
  await settings.putOrg(orgNamed('other'))
  const handle = makeManage(deps)
  const call: Managed['call'] = async (method, path, { headers = {}, body, query } = {}) => {
    const event = apiEvent(method, path, {
      headers,
      ...(query !== undefined && { query }),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const answer = await handle(event, {} as never)
    checkDocumented(event.routeKey, answer.statusCode, answer.body)
    leaks.hear(`${method} ${path}`, answer.body ?? '')
    return toAnswered(answer)
  }
  return {
    database,
    settings,
    leaks,
    issuer: {
      ...issuer,
      // Every test file that has one ends with it.
      close: async () => {
        await issuer.close()
        await leaks.conclude(database, logged)
      },
    },
    secrets,
    deps,
    clock,
    logged,
    told,
    call,
    ask: async (groups, method, path, asked = {}) => {
      const authorization = `Bearer ${await issuer.token(groups)}`
      return call(method, path, { ...asked, headers: { ...asked.headers, authorization } })
    },
    async makeKey(org, scopes, changes = {}) {
      const { key, stored } = mintApiKey('dev', { scopes, createdAtMs: clock.nowMs }, randomBytes)
      await settings.putApiKey(orgOf(org), { ...stored, ...changes })
      leaks.plant(key)
      return key
    },
  }
}

function toAnswered({ statusCode, headers, body }: ApiAnswer): Answered {
  return { status: statusCode ?? 0, headers: headers ?? {}, body: JSON.parse(body ?? '{}') }
}
