// Asks Customer.io again how every org's set-up stands there, so that what somebody changed is noticed while nobody looks.
// It mends nothing. What fails of one org stops no other.
import type { OrgSlug } from '../../../contract/ids.ts'
import { watchBudgetMs } from '../../../contract/limits.ts'
import type { VerificationTopic } from '../../../contract/verification.ts'
import { dueQuestions } from '../../domain/health/due-questions.ts'
import { inLanes } from '../in-lanes.ts'
import type { Call } from '../manage/call.ts'
import { type AskDeps, askIntegration, askSettings, askWebhook } from './ask.ts'

export interface WatchDeps extends AskDeps {
  readonly listOrgs: () => Promise<readonly OrgSlug[]>
  /** At least 0, less than 1. */
  readonly random: () => number
  readonly onFailed: (org: OrgSlug, cause: unknown) => void
}

export interface Watched {
  /** Orgs of which something was asked, orgs that were not looked at when the time was over, and orgs that failed. */
  readonly asked: number
  readonly left: number
  readonly failed: number
}

/** Few, so that those whose Customer.io is slow hold up some others and not all. */
const lanes = 4
const integrationPrefix = 'integration:'

/** Begins no org after `untilMs`. */
export async function watchOrgs(deps: WatchDeps, untilMs: number): Promise<Watched> {
  const totals = { asked: 0, left: 0, failed: 0 }
  await inLanes(fromSomewhere(await deps.listOrgs(), deps.random), lanes, async (org) => {
    if (deps.now() >= untilMs) return totals.left++
    try {
      if (await watchOrg(deps, org)) totals.asked++
    } catch (cause) {
      totals.failed++
      deps.onFailed(org, cause)
    }
  })
  return totals
}

/** Whether there was anything to ask. An answer that does not come leaves the earlier word, and is asked for the next time. */
async function watchOrg(deps: WatchDeps, org: OrgSlug): Promise<boolean> {
  const found = await deps.findOrg(org)
  if (found?.customerio?.appApiKey === undefined) return false
  const [templates, integrations, words] = await Promise.all([
    deps.listTemplates(org),
    deps.listIntegrations(org),
    deps.verifications.list(org),
  ])
  const due = dueQuestions({ org: found, templates, integrations, words, nowMs: deps.now() })
  const signal = AbortSignal.timeout(watchBudgetMs)
  for (const topic of due) await ask(deps, org, topic, signal)
  return due.length > 0
}

async function ask(deps: WatchDeps, org: OrgSlug, topic: VerificationTopic, signal: AbortSignal): Promise<void> {
  const call: Call = { org, who: 'schedule', action: 'watch', path: {}, query: {}, body: { mend: false }, signal }
  if (topic === 'settings') await askSettings(deps)(call)
  else if (topic === 'reporting-webhook') await askWebhook(deps)(call)
  else await askIntegration(deps)({ ...call, path: { template: topic.slice(integrationPrefix.length) } })
}

/** Begins anywhere, so that those that were left are not the same every time. */
function fromSomewhere(orgs: readonly OrgSlug[], random: () => number): OrgSlug[] {
  const first = Math.floor(random() * orgs.length)
  return [...orgs.slice(first), ...orgs.slice(0, first)]
}
