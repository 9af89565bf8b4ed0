// Computes the weights of every active template anew. A template that fails stops no other; whoever else computes at the same
// time is as right, so a lost race is left at that.
import type { StoredAllocation } from '../../contract/allocation.ts'
import type { OrgSlug, TemplateId } from '../../contract/ids.ts'
import { learningDays } from '../../contract/limits.ts'
import type { Org } from '../../contract/org.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import { learningRange, nextAllocation } from '../domain/allocation/next-allocation.ts'
import type { TemplateCopies } from '../domain/copy/choose-copy.ts'
import { metricsInForce } from '../domain/measuring/metric-rules.ts'
import { inLanes } from './in-lanes.ts'

export interface TemplateOfOrg {
  readonly org: OrgSlug
  readonly templateId: TemplateId
}

export interface UpdateAllocationsDeps {
  /** The active templates of all orgs, page by page. */
  readonly listActiveTemplates: () => AsyncIterable<readonly TemplateOfOrg[]>
  readonly findTemplate: (org: OrgSlug, templateId: TemplateId) => Promise<TemplateCopies | undefined>
  readonly findOrg: (org: OrgSlug) => Promise<Org | undefined>
  readonly readResults: (
    org: OrgSlug,
    templateId: TemplateId,
    days: { readonly from: string; readonly to: string },
  ) => Promise<CellChange[]>
  /** Stores the version after the one that was read; `lost` when somebody else has stored one meanwhile. */
  readonly save: (org: OrgSlug, next: StoredAllocation) => Promise<'stored' | 'lost'>
  readonly now: () => number
  readonly onStored: (org: OrgSlug, next: StoredAllocation) => void
  /** `ageMs`: how old the weights are that stay in force. */
  readonly onFailed: (template: TemplateOfOrg, cause: unknown, ageMs: number) => void
}

export type Updated = 'stored' | 'lost' | 'unchanged' | 'failed'

/** Templates whose results are in memory at once. */
const lanes = 8

/** How many templates came to what. */
export async function updateAllocations(deps: UpdateAllocationsDeps): Promise<Record<Updated, number>> {
  const totals = { stored: 0, lost: 0, unchanged: 0, failed: 0 }
  const orgs = new Map<OrgSlug, Promise<Org | undefined>>()
  const findOrg = (org: OrgSlug) => {
    const known = orgs.get(org) ?? deps.findOrg(org)
    orgs.set(org, known)
    return known
  }
  for await (const page of deps.listActiveTemplates()) {
    const updated = await inLanes(page, lanes, (template) =>
      update({ ...deps, findOrg }, template).catch(async (cause: unknown): Promise<Updated> => {
        deps.onFailed(template, cause, await ageInForce(deps, template))
        return 'failed'
      }),
    )
    for (const one of updated) totals[one] += 1
  }
  return totals
}

/** Weights that nobody can tell the age of, or that were never computed, count as old as any that still learn. */
async function ageInForce(deps: UpdateAllocationsDeps, { org, templateId }: TemplateOfOrg): Promise<number> {
  const found = await deps.findTemplate(org, templateId).catch(() => undefined)
  const computedAtMs = found?.allocation?.computedAtMs
  return computedAtMs === undefined ? learningDays * 86_400_000 : deps.now() - computedAtMs
}

async function update(deps: UpdateAllocationsDeps, { org, templateId }: TemplateOfOrg): Promise<Updated> {
  const nowMs = deps.now()
  const [found, settings, rows] = await Promise.all([
    deps.findTemplate(org, templateId),
    deps.findOrg(org),
    deps.readResults(org, templateId, learningRange(nowMs)),
  ])
  if (found?.template.status !== 'active') return 'unchanged'
  const rules = metricsInForce(settings).find(found.template.keyMetric)
  const next = nextAllocation(found, rows, rules, nowMs)
  if (next === undefined) return 'unchanged'
  const saved = await deps.save(org, next)
  if (saved === 'stored') deps.onStored(org, next)
  return saved
}
