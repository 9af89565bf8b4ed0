// An org's alerts on DynamoDB Local, delivered over TLS to a server of the test; the queue is a list, the clock is the test's.
import { randomBytes } from 'node:crypto'
import type { DeliveryMessage } from '../../contract/alert.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { makeGuardedPost } from '../../lambdas/clients/guarded-post.ts'
import { makeDeliverAlerts } from '../../lambdas/handlers/deliver-alerts.ts'
import { makeEvaluateAlerts } from '../../lambdas/handlers/evaluate-alerts.ts'
import { makeServeAlerts } from '../../lambdas/handlers/serve-alerts.ts'
import { makeAlertReads } from '../../lambdas/store/alert-reads.ts'
import { makeAlertStore } from '../../lambdas/store/alerts.ts'
import { makeChangeStore } from '../../lambdas/store/changes.ts'
import { listSightings } from '../../lambdas/store/sightings.ts'
import { apiEvent } from './api-event.ts'
import type { TestDatabase } from './dynamodb-local.ts'
import { type HookServer, hookCertificate } from './hook-server.ts'

export function makeAlerting(
  { client, tables }: TestDatabase,
  orgs: readonly OrgSlug[],
  hooks: HookServer,
  nowMs: number,
) {
  const clock = { nowMs }
  const now = () => clock.nowMs
  const log = () => undefined
  const store = makeAlertStore(client, tables.settings)
  const reads = makeAlertReads(client, tables, now)
  const secrets = new Map<string, { readonly current: string; readonly previous?: string }>()
  const waiting: DeliveryMessage[] = []
  const buried: DeliveryMessage[] = []
  const isTestHost = (host: string) => host === 'hooks.test'
  const send = async (_org: string, messages: readonly DeliveryMessage[]) => void waiting.push(...messages)
  const evaluate = makeEvaluateAlerts({
    listOrgs: async () => orgs,
    ...store,
    ...reads,
    send,
    listSightings: (org) => listSightings(client, tables.events, org),
    now,
    log,
    tellMetrics: () => undefined,
  })
  const deliver = makeDeliverAlerts({
    ...store,
    findSecret: async (org, id, which) => secrets.get(`${org}/${id}`)?.[which],
    post: makeGuardedPost(async () => [], {
      addresses: new Map([['hooks.test', '127.0.0.1']]),
      ca: hookCertificate,
    }),
    isTestHost,
    sendLater: async (message) => void waiting.push(message),
    bury: async (message) => void buried.push(message),
    now,
    log,
  })
  const addAudit = makeChangeStore(client, tables.settings).addAudit
  const keptSecrets = {
    create: async (org: OrgSlug, id: string, secret: string) => void secrets.set(`${org}/${id}`, { current: secret }),
    replace: async (org: OrgSlug, id: string, secret: string) => {
      const { current = '' } = secrets.get(`${org}/${id}`) ?? {}
      secrets.set(`${org}/${id}`, { current: secret, previous: current })
    },
    remove: async (org: OrgSlug, id: string) => void secrets.delete(`${org}/${id}`),
  }
  let ids = 0
  const serve = makeServeAlerts({
    checks: {
      checkMember: async (org) => ({
        org: orgs.find((one) => one === org) ?? orgs[0] ?? ('' as OrgSlug),
        who: 'key:test',
      }),
      checkOperator: async () => ({ who: 'nobody' }),
    },
    ...store,
    addAudit,
    secrets: keptSecrets,
    send,
    isTestHost,
    newId: () => `d${ids++}`,
    randomBytes,
    now,
    log,
  })
  return {
    clock,
    waiting,
    buried,
    hookUrl: `https://hooks.test:${hooks.port}/alerts`,
    evaluate,
    /** As a command replaces secrets. */
    replacing: { ...store, addAudit, secrets: keptSecrets, randomBytes, now },
    /** Makes one try of everything that waits. */
    async deliver(): Promise<void> {
      for (const message of waiting.splice(0)) {
        const Records = [{ messageId: message.id, body: JSON.stringify(message) }]
        const answer = await deliver({ Records } as Parameters<typeof deliver>[0])
        if (answer.batchItemFailures.length > 0) throw new Error(`the delivery ${message.id} failed`)
      }
    },
    async ask(method: 'GET' | 'PUT' | 'POST' | 'DELETE', org: OrgSlug, path: string, body?: object) {
      const event = apiEvent(method, `/api/orgs/${org}/alerts${path}`, { ...(body && { body: JSON.stringify(body) }) })
      const answer = await serve(event, {} as never)
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
      return { status: answer.statusCode ?? 0, body: JSON.parse(answer.body ?? '{}') as any }
    },
  }
}
export type Alerting = ReturnType<typeof makeAlerting>
