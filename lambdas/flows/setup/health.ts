// The route that tells how the set-up stands, from stored facts. It asks nobody and scans nothing: each fact is read by its
// key, and of traffic only the sums of the last days.
import type { ApiKey } from '../../../contract/api-key.ts'
import type { OrgSlug, TemplateId } from '../../../contract/ids.ts'
import type { FileImport } from '../../../contract/import.ts'
import type { Integration } from '../../../contract/integration.ts'
import { pageSize } from '../../../contract/limits.ts'
import type { Org } from '../../../contract/org.ts'
import type { Recounted } from '../../../contract/recounted.ts'
import type { Restatement } from '../../../contract/restatement.ts'
import type { CellChange, ResultScope } from '../../../contract/result-cell.ts'
import type { HealthAnswer } from '../../../contract/setup-answers.ts'
import type { Template } from '../../../contract/template.ts'
import type { Verification } from '../../../contract/verification.ts'
import { Fault } from '../../domain/api/fault.ts'
import {
  type HealthFacts,
  healthDays,
  type Sighting,
  sourcesSeen,
  type TemplateFacts,
  type Told,
} from '../../domain/health/health-facts.ts'
import { judgeHealth } from '../../domain/health/judge-health.ts'
import { markIntegration, markSettings, markWebhook } from '../../domain/health/mark-setup.ts'
import { showAccounts } from '../../domain/health/show-accounts.ts'
import { type DaySum, sumDays } from '../../domain/health/sum-days.ts'
import { inLanes } from '../in-lanes.ts'
import type { Action } from '../manage/call.ts'

export interface HealthDeps {
  readonly findOrg: (org: OrgSlug, signal?: AbortSignal) => Promise<Org | undefined>
  readonly listApiKeys: (org: OrgSlug) => Promise<readonly ApiKey[]>
  readonly listIntegrations: (org: OrgSlug) => Promise<readonly Integration[]>
  readonly listTemplates: (org: OrgSlug) => Promise<readonly Template[]>
  readonly listSightings: (org: OrgSlug) => Promise<readonly Sighting[]>
  /** Newest first, no more than `limit`. */
  readonly listImports: (org: OrgSlug, limit: number) => Promise<{ readonly imports: readonly FileImport[] }>
  /** Newest first, no more than `limit`. */
  readonly listSetAside: (
    org: OrgSlug,
    limit: number,
  ) => Promise<{
    readonly bodies: readonly {
      readonly receivedAtMs: number
      readonly reasons: readonly { readonly code: string }[]
    }[]
  }>
  readonly findRecounted: (org: OrgSlug) => Promise<Recounted | undefined>
  readonly listRestatements: (org: OrgSlug) => Promise<readonly Restatement[]>
  readonly verifications: { list(org: OrgSlug): Promise<ReadonlyMap<string, Verification>> }
  readonly readDays: (
    org: OrgSlug,
    scope: ResultScope,
    days: { readonly from: string; readonly to: string },
  ) => Promise<readonly CellChange[]>
  readonly now: () => number
}

/** Sources without a template whose sums are looked at. */
const maxUnmapped = 25
const maxSetAside = 20
const lanes = 8

export function readHealth(deps: HealthDeps): Action {
  return async ({ org, signal }) => {
    const nowMs = deps.now()
    const facts = await gather(deps, org, nowMs, signal)
    const accounts = facts.recounted === undefined ? null : showAccounts(facts.recounted)
    const body: HealthAnswer = { checks: judgeHealth(facts), accounts, as_of: new Date(nowMs).toISOString() }
    return { body }
  }
}

async function gather(deps: HealthDeps, org: OrgSlug, nowMs: number, signal: AbortSignal): Promise<HealthFacts> {
  const [found, keys, templates, integrations, setAside, verifications] = await Promise.all([
    deps.findOrg(org, signal),
    deps.listApiKeys(org),
    deps.listTemplates(org),
    deps.listIntegrations(org),
    deps.listSetAside(org, maxSetAside),
    deps.verifications.list(org),
  ])
  const [restatements, sightings, files, recounted] = await Promise.all([
    deps.listRestatements(org),
    deps.listSightings(org),
    deps.listImports(org, pageSize),
    deps.findRecounted(org),
  ])
  if (found === undefined) throw new Fault('auth.failed')
  const readDays = async (scope: ResultScope): Promise<DaySum[]> =>
    sumDays(await deps.readDays(org, scope, lastDays(nowMs)))
  const settings = toldOf(verifications.get('settings'), markSettings(found))
  const mapped = new Set<string>(integrations.map(({ source }) => source))
  const campaigns = settings === undefined || settings.isStale ? [] : (settings.runningCampaigns ?? [])
  const known = new Set<string>([...sourcesSeen(sightings), ...campaigns.map((id) => `campaign:${id}`)])
  const unclaimed = [...known].filter((source) => !mapped.has(source))
  const unmapped = ['', ...unclaimed.slice(0, maxUnmapped)]
  const templateFacts = (template: Template) => factsOf(found, template, integrations, verifications, readDays)
  return {
    nowMs,
    webhookSignature: found.webhookSignature,
    signingKeySinceMs: found.customerio?.signingKey?.sinceMs,
    settings,
    reportingWebhook: toldOf(verifications.get('reporting-webhook'), markWebhook(found)),
    generateKeys: keys.filter((key) => isLive(key, nowMs) && key.scopes.includes('generate')).length,
    templates: (await inLanes(templates, lanes, templateFacts)).toSorted(byTemplate),
    unmapped: await inLanes(unmapped, lanes, async (source) => ({ source, days: await readDays(`~${source}`) })),
    unmappedLeftOut: Math.max(0, unclaimed.length - maxUnmapped),
    sightings,
    files: files.imports.map(({ source, modifiedAtMs, status }) => {
      return { source, droppedAtMs: modifiedAtMs, isFailed: status === 'failed' }
    }),
    restatements,
    recounted,
    setAside: setAside.bodies.map(({ receivedAtMs, reasons }) => ({
      receivedAtMs,
      codes: reasons.map(({ code }) => code),
    })),
  }
}

async function factsOf(
  org: Org,
  template: Template,
  integrations: readonly Integration[],
  verifications: ReadonlyMap<string, Verification>,
  readDays: (scope: TemplateId) => Promise<DaySum[]>,
): Promise<TemplateFacts> {
  const own = integrations.filter(({ templateId }) => templateId === template.templateId)
  return {
    template,
    integrations: own,
    verification: toldOf(verifications.get(`integration:${template.templateId}`), markIntegration(org, own)),
    days: await readDays(template.templateId),
  }
}

/** What was said of other settings says nothing of these. */
function toldOf(verification: Verification | undefined, mark: string): Told | undefined {
  return verification && { ...verification, isStale: verification.of !== mark }
}

function lastDays(nowMs: number): { from: string; to: string } {
  const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)
  return { from: dayOf(nowMs - (healthDays - 1) * 86_400_000), to: dayOf(nowMs) }
}

function isLive({ revokedAtMs, expiresAtMs }: ApiKey, nowMs: number): boolean {
  return nowMs < Math.min(revokedAtMs ?? Number.POSITIVE_INFINITY, expiresAtMs ?? Number.POSITIVE_INFINITY)
}

function byTemplate(a: TemplateFacts, b: TemplateFacts): number {
  return a.template.templateId < b.template.templateId ? -1 : 1
}
