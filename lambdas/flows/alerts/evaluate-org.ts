// Looks at one org's state, sends what is news, and re-arms what is over. Whoever evaluates at the same time sends nothing twice.
import type { Alert, AlertSettings, Delivery, DeliveryMessage, Destination, Firing } from '../../../contract/alert.ts'
import type { OrgSlug, TemplateId } from '../../../contract/ids.ts'
import type { Verification } from '../../../contract/verification.ts'
import { compareAlerts, judgeAlerts, silentSince, type TemplateState } from '../../domain/alerts/judge-alerts.ts'
import { makeDelivery } from '../../domain/alerts/sign-delivery.ts'
import { inLanes } from '../in-lanes.ts'

export interface EvaluateOrgDeps {
  readonly readAlerts: (org: OrgSlug) => Promise<{
    readonly settings: AlertSettings
    readonly destinations: readonly Destination[]
    readonly firing: readonly Firing[]
  }>
  readonly fire: (org: OrgSlug, firing: Firing, deliveries: readonly Delivery[]) => Promise<'fired' | 'known'>
  readonly rearm: (org: OrgSlug, alertId: string) => Promise<void>
  readonly listDeliveries: (org: OrgSlug, limit: number) => Promise<{ readonly deliveries: readonly Delivery[] }>
  readonly send: (org: OrgSlug, messages: readonly DeliveryMessage[]) => Promise<void>
  /** Templates that serve copy. */
  readonly listServing: (org: OrgSlug) => Promise<readonly TemplateId[]>
  readonly judgeTemplate: (org: OrgSlug, templateId: TemplateId) => Promise<TemplateState['judgement']>
  /** Whether there is a send or a serve since an instant. */
  readonly hasDataSince: (org: OrgSlug, sinceMs: number) => Promise<boolean>
  /** The latest day of the last month with sends or serves. */
  readonly findLastDay: (org: OrgSlug, templates: readonly TemplateId[]) => Promise<string | undefined>
  readonly findNewestFile: (org: OrgSlug) => Promise<number | undefined>
  readonly findReportingWebhook: (org: OrgSlug) => Promise<Verification | undefined>
  readonly now: () => number
}

/** What a message that was lost is waited for before another is sent. */
const lostAfterMs = 1_800_000
const lookedAt = 100
const lanes = 4

/** How many alerts were sent, and how many are over. */
export async function evaluateOrg(deps: EvaluateOrgDeps, org: OrgSlug): Promise<{ fired: number; over: number }> {
  const { settings, destinations, firing } = await deps.readAlerts(org)
  // Whoever adds a destination later is told then of what stands.
  if (destinations.length === 0) return { fired: 0, over: 0 }
  const wanted = await judge(deps, org, settings)
  const { fresh, gone } = compareAlerts(wanted, firing)
  let fired = 0
  for (const alert of fresh) if (await fireOne(deps, org, destinations, alert)) fired++
  for (const id of gone) await deps.rearm(org, id)
  await sendAgain(deps, org)
  return { fired, over: gone.length }
}

async function judge(deps: EvaluateOrgDeps, org: OrgSlug, settings: AlertSettings): Promise<Alert[]> {
  const nowMs = deps.now()
  const serving = await deps.listServing(org)
  const sinceMs = silentSince(settings, nowMs)
  const isFresh = sinceMs === undefined || (await deps.hasDataSince(org, sinceMs))
  return judgeAlerts({
    nowMs,
    settings,
    isFresh,
    lastDay: isFresh ? undefined : await deps.findLastDay(org, serving),
    newestFileAtMs: settings.fileBy && (await deps.findNewestFile(org)),
    reportingWebhook: await deps.findReportingWebhook(org),
    templates: (
      await inLanes(serving, lanes, async (templateId) => ({
        templateId,
        judgement: await deps.judgeTemplate(org, templateId),
      }))
    ).toSorted((a, b) => (a.templateId < b.templateId ? -1 : 1)),
  })
}

async function fireOne(deps: EvaluateOrgDeps, org: OrgSlug, destinations: readonly Destination[], alert: Alert) {
  const firedAtMs = deps.now()
  const deliveries = destinations
    .filter(({ kinds }) => kinds.includes(alert.kind))
    .map((destination) => makeDelivery(org, destination, alert, firedAtMs))
  if ((await deps.fire(org, { ...alert, firedAtMs }, deliveries)) === 'known') return false
  await deps.send(
    org,
    deliveries.map(({ id }) => ({ org, id })),
  )
  return true
}

/** Deliveries that should have been tried long ago: their message was lost, or never sent. */
async function sendAgain(deps: EvaluateOrgDeps, org: OrgSlug): Promise<void> {
  const { deliveries } = await deps.listDeliveries(org, lookedAt)
  const lateMs = deps.now() - lostAfterMs
  const late = deliveries.filter(({ state, nextAtMs }) => state === 'waiting' && nextAtMs < lateMs)
  if (late.length > 0) {
    await deps.send(
      org,
      late.map(({ id }) => ({ org, id })),
    )
  }
}
