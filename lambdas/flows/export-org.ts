// Exports the days of an org that are due: a slice at a time, saving where it is, so that whoever comes after a crash goes
// on there. What is written twice has the same name, and a version counts only with its manifest, which comes last.
import type { ExportDay, RunningExport } from '../../contract/export.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import { daysBegunAtOnce, exportedDays, indexTrailMs } from '../../contract/limits.ts'
import type { Template } from '../../contract/template.ts'
import { type DayRow, type DueDay, digestDays, dueDays, runOf } from '../domain/exports/plan-days.ts'
import { keepBefore } from './check-export.ts'
import { type ExportDayDeps, exportDay } from './export-day.ts'
import type { SourceOfDay } from './export-slice.ts'

export interface ExportOrgDeps extends ExportDayDeps {
  /** Templates of the org, archived ones included. */
  readonly listTemplates: (org: OrgSlug) => Promise<readonly Pick<Template, 'templateId'>[]>
  readonly listIntegrations: (org: OrgSlug) => Promise<readonly Integration[]>
  /** Results rows of some templates and days, in a fixed order. */
  readonly readDayRows: (org: OrgSlug, scopes: readonly string[], days: DaySpan) => AsyncIterable<DayRow>
  /** The last erasure that touched each day, by its mark. */
  readonly listErasures: (org: OrgSlug) => Promise<ReadonlyMap<string, string>>
  readonly listExports: (org: OrgSlug, days: DaySpan) => Promise<readonly ExportDay[]>
  readonly pause: (ms: number) => Promise<void>
}

export interface DaySpan {
  readonly from: string
  readonly to: string
}

/** `more`: the time is up. `lost`: somebody else exports this org. */
export interface Exported {
  readonly kind: 'done' | 'more' | 'lost'
  /** How many were completed. */
  readonly days: number
  /** Days whose last version did not add up to the results, and no later one did. */
  readonly refused: readonly string[]
}

interface Begun extends ExportDay {
  readonly running: RunningExport
}

const dayMs = 86_400_000

export async function exportOrg(deps: ExportOrgDeps, org: OrgSlug, untilMs: number): Promise<Exported> {
  const [templates, integrations] = await Promise.all([deps.listTemplates(org), deps.listIntegrations(org)])
  const span = spanBefore(deps.now())
  const scopes = templates.map(({ templateId }) => templateId).toSorted()
  const erasures = await deps.listErasures(org)
  const digests = await digestDays(deps.readDayRows(org, scopes, span))
  const entries = new Map((await deps.listExports(org, span)).map((entry) => [entry.day, entry]))
  const due = dueDays(digests, erasures, entries, deps.now())
  const refused = new Set([...entries.values()].flatMap((entry) => (entry.refused === undefined ? [] : entry.day)))
  const sources: SourceOfDay[] = [
    ...integrations.map(({ source }) => source).toSorted(),
    ...scopes.map((templateId) => `template:${templateId}` as const),
  ]
  let days = 0
  const told = (kind: Exported['kind']): Exported => ({ kind, days, refused: [...refused].toSorted() })
  for (let at = 0; at < due.length; at += daysBegunAtOnce) {
    const begun = await begin(deps, org, due.slice(at, at + daysBegunAtOnce), entries, sources, scopes)
    if (begun === 'lost') return told('lost')
    await deps.pause(indexTrailMs)
    for (const day of begun) {
      const kind = await exportDay(deps, org, day, scopes, untilMs)
      if (kind === 'more' || kind === 'lost') return told(kind)
      if (kind === 'refused') refused.add(day.day)
      else refused.delete(day.day)
      if (kind === 'done') days++
    }
  }
  return told('done')
}

/** Keeps what the results say of each day, long enough before its outcomes are read for the index to have them. */
async function begin(
  deps: ExportOrgDeps,
  org: OrgSlug,
  due: readonly DueDay[],
  entries: ReadonlyMap<string, ExportDay>,
  sources: readonly string[],
  scopes: readonly string[],
): Promise<Begun[] | 'lost'> {
  const begun: Begun[] = []
  for (const each of due) {
    const { day } = each
    const found = entries.get(day)
    const running = runOf(each, found, sources, deps.now())
    const current = found?.current && { current: found.current }
    let entry = found
    if (found?.running !== running) {
      await keepBefore(deps, { org, day, version: running.version }, scopes)
      entry = await deps.saveExport(org, day, found, { ...current, running })
    }
    if (entry === undefined) return 'lost'
    begun.push({ ...entry, running })
  }
  return begun
}

/** Days that are over, the last of them yesterday. */
function spanBefore(nowMs: number): DaySpan {
  const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)
  return { from: dayOf(nowMs - exportedDays * dayMs), to: dayOf(nowMs - dayMs) }
}
