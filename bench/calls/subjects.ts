// The two handlers that callers wait for, each with what makes events for the deployed bundle and for the bare one.
import { makeGenerateCopy } from '../../lambdas/handlers/generate-copy.ts'
import { makeReceiveCioWebhook } from '../../lambdas/handlers/receive-cio-webhook.ts'
import { makeEventStore } from '../../lambdas/store/events.ts'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { makeServeStore } from '../../lambdas/store/serves.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import type { BareGenerate } from '../bare/generate-copy.ts'
import type { BareReceive } from '../bare/receive-cio-webhook.ts'
import { signingKey, slug, stage } from '../org.ts'
import { type Services, tables } from '../services.ts'
import { generateEvent, webhookEvent } from './events.ts'
import { firstOf, record } from './recording-client.ts'

export interface Subject {
  readonly handler: 'generate-copy' | 'receive-cio-webhook'
  readonly env: Readonly<Record<string, string>>
  readonly event: (number: number) => object
  /** What the product would send for that event. */
  readonly bareEvent: (number: number) => Promise<object>
}

const secretPrefix = 'justai/prod/orgs/'
const env = { STAGE: stage, EVENTS_TABLE: tables.events, SETTINGS_TABLE: tables.settings }
const silent = () => undefined

export function subjectsOf(services: Services, apiKey: string): Subject[] {
  return [
    {
      handler: 'generate-copy',
      env,
      event: (number) => generateEvent(number, apiKey),
      bareEvent: bareGenerate(services, apiKey),
    },
    {
      handler: 'receive-cio-webhook',
      env: { ...env, SECRET_PREFIX: secretPrefix },
      event: webhookEvent,
      bareEvent: bareReceive(services),
    },
  ]
}

function bareGenerate(services: Services, apiKey: string): Subject['bareEvent'] {
  const client = services.client()
  const { puts, gets, queries } = record(client)
  const handle = makeGenerateCopy({
    stage,
    settings: makeSettingsStore(client, tables.settings),
    share: { admit: () => undefined, take: () => undefined },
    serves: makeServeStore(client, tables.events),
    now: Date.now,
    random: Math.random,
    log: silent,
  })
  return async (number): Promise<BareGenerate> => {
    puts.length = 0
    await handle(generateEvent(number, apiKey))
    return { key: firstOf(gets), template: firstOf(queries), put: firstOf(puts) }
  }
}

function bareReceive(services: Services): Subject['bareEvent'] {
  const client = services.client()
  const { puts, gets } = record(client)
  const { signal } = new AbortController()
  const secret = { signingKey }
  const handle = makeReceiveCioWebhook({
    findOrg: makeSettingsStore(client, tables.settings).findOrg,
    secrets: { get: async () => secret, refresh: async () => undefined },
    events: makeEventStore(client, tables.events),
    quarantine: makeQuarantine(client, tables.events),
    noteSignature: async () => undefined,
    noteSource: async () => undefined,
    now: Date.now,
    log: silent,
  })
  return async (number): Promise<BareReceive> => {
    puts.length = 0
    await handle(webhookEvent(number), signal)
    return { org: firstOf(gets), secretId: `${secretPrefix}${slug}`, put: firstOf(puts) }
  }
}
