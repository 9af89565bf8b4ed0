// Asks Customer.io again how each org's set-up stands there. Called by a schedule; calling it again asks for nothing that is fresh.
import { setTimeout as sleep } from 'node:timers/promises'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { WatchCustomerio } from '../../contract/environments.ts'
import { watchCallsPerSecond } from '../../contract/limits.ts'
import { makeCustomerio } from '../clients/customerio.ts'
import { makeOrgSecretWriter } from '../clients/org-secret-writer.ts'
import { makePace } from '../clients/pace.ts'
import { type WatchDeps, type Watched, watchOrgs } from '../flows/setup/watch-orgs.ts'
import { makeDynamoForQueues, queueTimeouts } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { listOrgs } from '../store/org-list.ts'
import { makeWatchStores } from '../store/watch-stores.ts'

// ---- called by AWS ----
export const handler = (_event: unknown, context: { getRemainingTimeInMillis: () => number }): Promise<Watched> => {
  perRequest ??= coldStart()
  return perRequest(context.getRemainingTimeInMillis())
}

// ---- once per cold start ----
let perRequest: ReturnType<typeof makeWatchCustomerio> | undefined

function coldStart(): ReturnType<typeof makeWatchCustomerio> {
  const env = readEnvironment(WatchCustomerio)
  const client = makeDynamoForQueues()
  const { read } = makeOrgSecretWriter(new SecretsManagerClient(queueTimeouts), env.SECRET_PREFIX)
  const hosts = { us: env.CUSTOMERIO_API_US, eu: env.CUSTOMERIO_API_EU }
  const pace = makePace(watchCallsPerSecond, Date.now, sleep)
  const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal })
  return makeWatchCustomerio({
    listOrgs: () => listOrgs(client, env.SETTINGS_TABLE),
    ...makeWatchStores(client, env.SETTINGS_TABLE),
    readSecret: read,
    customerio: (region, apiKey, signal) => makeCustomerio({ baseUrl: hosts[region], apiKey, pace, signal, pause }),
    apiUrl: env.API_URL,
    random: Math.random,
    now: Date.now,
    log: makeLog('WatchCustomerio'),
    tellMetrics: makeTellMetrics(),
  })
}

// ---- once per call ----
export interface WatchCustomerioDeps extends Omit<WatchDeps, 'onFailed'> {
  readonly log: Log
  readonly tellMetrics: TellMetrics
}

/** Of the time of a call: what is begun then ends well before the rest is over. */
const beginShare = 0.8

export function makeWatchCustomerio({ log, tellMetrics, ...deps }: WatchCustomerioDeps) {
  return async (remainingMs: number): Promise<Watched> => {
    const onFailed = (org: string, cause: unknown) => log('error', 'asking failed', { org, ...describeError(cause) })
    const watched = await watchOrgs({ ...deps, onFailed }, deps.now() + remainingMs * beginShare)
    log(watched.left > 0 ? 'error' : 'info', 'asked', { ...watched })
    tellMetrics({})
    return watched
  }
}
