// Copy for Customer.io's webhook action and other senders: `generate` by body or by query, and several templates at once.
import * as environments from '../../contract/environments.ts'
import { copyBudgetMs } from '../../contract/limits.ts'
import { makeRenderer } from '../domain/copy/render-copy.ts'
import { type ServeCopyDeps, serveCall } from '../flows/serve-copy.ts'
import { type ApiAnswer, type ApiEvent, answer, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { makeDynamoForCallers } from '../runtime/clients.ts'
import { readCopyCall } from '../runtime/copy-call.ts'
import { makeCopyLookups } from '../runtime/copy-lookups.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { type FairShare, makeFairShare, readCounted } from '../runtime/fair-share.ts'
import { type KeyCheckDeps, makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { makeOnceAMinute } from '../runtime/once-a-minute.ts'
import { makeSlowCalls, type NoteSlow } from '../runtime/slow-calls.ts'
import { makeNoteKeyUse } from '../store/key-uses.ts'
import { makeChargeRate } from '../store/rate-debts.ts'
import { makeServeStore, type ServeStore } from '../store/serves.ts'
import { makeSettingsStore, type SettingsStore } from '../store/settings.ts'
import { makeSightingNotes } from '../store/sightings.ts'

// ---- called by AWS ----
const log = makeLog('GenerateCopy')
let perRequest: ReturnType<typeof makeGenerateCopy> | undefined

export const handler = apiHandler(log, async (event) => {
  perRequest ??= makeGenerateCopy(makeDeps())
  return perRequest(event)
})

// ---- once per cold start ----
export interface GenerateCopyDeps extends Pick<ServeCopyDeps, 'random'>, Omit<KeyCheckDeps, 'findApiKey'> {
  readonly settings: Pick<SettingsStore, 'findApiKey' | 'findOrg' | 'findTemplate'>
  readonly share: FairShare
  readonly serves: ServeStore
  readonly noteSlow?: NoteSlow
  readonly log: Log
}

function makeDeps(): GenerateCopyDeps {
  const env = readEnvironment(environments.GenerateCopy)
  const client = makeDynamoForCallers()
  return {
    stage: env.STAGE,
    settings: makeSettingsStore(client, env.SETTINGS_TABLE),
    noteKeyUse: makeNoteKeyUse(client, env.SETTINGS_TABLE),
    share: makeFairShare({ what: 'generate', charge: makeChargeRate(client, env.SETTINGS_TABLE), now: Date.now, log }),
    serves: makeServeStore(client, env.EVENTS_TABLE),
    noteSlow: makeOnceAMinute({ write: makeSightingNotes(client, env.EVENTS_TABLE), now: Date.now, log }),
    now: Date.now,
    random: Math.random,
    log,
  }
}

// ---- once per request ----
/** Makes the function that answers one request. What it keeps between requests is keyed by org. */
export function makeGenerateCopy(deps: GenerateCopyDeps) {
  const { settings, share, serves, now } = deps
  const checkKey = makeKeyCheck({ ...deps, findApiKey: settings.findApiKey })
  const serving: ServeCopyDeps = {
    ...deps,
    ...makeCopyLookups(settings, now),
    ...serves,
    render: makeRenderer(() => performance.now()),
    onUnrendered: (org, copyId, unrendered) => deps.log('warn', 'text left empty', { org, copyId, ...unrendered }),
  }
  const noteWhenSlow = makeSlowCalls(deps.noteSlow, now)
  return (event: ApiEvent): Promise<ApiAnswer> => {
    const arrivedMs = now()
    return withinBudget(copyBudgetMs, async (signal) => {
      const org = await checkKey(event.pathParameters?.org, event.headers, 'generate', signal)
      share.admit(org)
      const call = readCounted(share, org, 1, () => readCopyCall(event))
      share.take(org, call.requests.length)
      return answer(200, await noteWhenSlow(org, arrivedMs, async () => serveCall(serving, org, call, signal)))
    })
  }
}
