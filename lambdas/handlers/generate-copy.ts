// Copy for Customer.io's webhook action and other senders: `generate` by body or by query, and several templates at once.
import { randomUUID } from 'node:crypto'
import * as environments from '../../contract/environments.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { answerBudgetMs, slowCopyMs } from '../../contract/limits.ts'
import { nameServes } from '../domain/name-serve.ts'
import { makeRenderer } from '../domain/render-copy.ts'
import { type ServeCopyDeps, serveBatch, serveOne } from '../flows/serve-copy.ts'
import { type ApiAnswer, type ApiEvent, answer, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { makeDynamoForCallers } from '../runtime/clients.ts'
import { isBatch, readCopyCall } from '../runtime/copy-call.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { type FairShare, makeFairShare } from '../runtime/fair-share.ts'
import { type KeyCheckDeps, makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { makeOnceAMinute } from '../runtime/once-a-minute.ts'
import { makeOrgLookup } from '../runtime/org-lookup.ts'
import { makeTemplateLookup } from '../runtime/template-lookup.ts'
import { makeNoteKeyUse } from '../store/key-uses.ts'
import { makeChargeRate } from '../store/rate-debts.ts'
import { makeServeStore, type ServeStore } from '../store/serves.ts'
import { makeSettingsStore, type SettingsStore } from '../store/settings.ts'
import { makeSightingNotes } from '../store/sightings.ts'

// ---- called by AWS --------------------------------------------------------------------------------------------------

const log = makeLog('GenerateCopy')
let perRequest: ReturnType<typeof makeGenerateCopy> | undefined

export const handler = apiHandler(log, async (event) => {
  perRequest ??= makeGenerateCopy(makeDeps())
  return perRequest(event)
})

// ---- once per cold start, inside the first request ------------------------------------------------------------------

export interface GenerateCopyDeps extends Pick<ServeCopyDeps, 'now' | 'random'> {
  readonly stage: string
  readonly settings: Pick<SettingsStore, 'findApiKey' | 'findOrg' | 'findTemplate'>
  readonly noteKeyUse?: KeyCheckDeps['noteKeyUse']
  readonly share: FairShare
  readonly serves: ServeStore
  /** Tells health that a call took too long. Never throws. */
  readonly noteSlow?: (org: OrgSlug, signal: AbortSignal) => Promise<void>
  readonly log: Log
}

function makeDeps(): GenerateCopyDeps {
  const environment = readEnvironment(environments.GenerateCopy)
  const client = makeDynamoForCallers()
  const note = makeOnceAMinute({ write: makeSightingNotes(client, environment.EVENTS_TABLE), now: Date.now, log })
  const charge = makeChargeRate(client, environment.SETTINGS_TABLE)
  return {
    stage: environment.STAGE,
    settings: makeSettingsStore(client, environment.SETTINGS_TABLE),
    noteKeyUse: makeNoteKeyUse(client, environment.SETTINGS_TABLE),
    share: makeFairShare({ what: 'generate', charge, now: Date.now, log }),
    serves: makeServeStore(client, environment.EVENTS_TABLE),
    noteSlow: (org, signal) => note(org, 'copy.slow', signal),
    now: Date.now,
    random: Math.random,
    log,
  }
}

// ---- once per request -----------------------------------------------------------------------------------------------

const budgetMs = answerBudgetMs - 300

/** Makes the function that answers one request. What it keeps between requests is keyed by org. */
export function makeGenerateCopy(deps: GenerateCopyDeps) {
  const { stage, settings, noteKeyUse, share, serves, now, random } = deps
  const checkKey = makeKeyCheck({ findApiKey: settings.findApiKey, ...(noteKeyUse && { noteKeyUse }), now, stage })
  const serving: ServeCopyDeps = {
    findTemplate: makeTemplateLookup(settings.findTemplate, now),
    findTemplateNow: settings.findTemplate,
    findOrg: makeOrgLookup(settings.findOrg, now),
    ...serves,
    render: makeRenderer(() => performance.now()),
    now,
    random,
    onUnrendered: (org, copyId, unrendered) => deps.log('warn', 'text left empty', { org, copyId, ...unrendered }),
  }
  return (event: ApiEvent): Promise<ApiAnswer> => {
    const startedMs = now()
    return withinBudget(budgetMs, async (signal) => {
      const org = await checkKey(event.pathParameters?.org, event.headers, 'generate', signal)
      share.admit(org)
      const call = readCopyCall(event)
      share.take(org, call.requests.length)
      const requests = nameServes(event.headers, call.requests, randomUUID)
      const serve = isBatch(event) ? serveBatch : serveOne
      try {
        return answer(200, await serve(serving, org, call, requests, signal))
      } finally {
        // Not waited for: the call is late already.
        if (now() - startedMs > slowCopyMs) void deps.noteSlow?.(org, AbortSignal.timeout(slowCopyMs))
      }
    })
  }
}
