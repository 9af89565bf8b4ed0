// Exports the days of an org that are due: a slice at a time, saving where it is, so that whoever comes after a crash goes
// on there. What is written twice has the same name, and a version counts only with its manifest, which comes last.
import type { ExportDay, ExportManifest, RunningExport } from '../../contract/export.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import { exportedDays, indexTrailMs } from '../../contract/limits.ts'
import type { Template } from '../../contract/template.ts'
import { exportFolders, exportKey, isOfVersion, manifestKey } from '../domain/exports/name-export.ts'
import { type DayRow, type DueDay, digestDays, dueDays, finishRun, runOf } from '../domain/exports/plan-days.ts'
import { type ExportSliceDeps, exportSlice, type SourceOfDay } from './export-slice.ts'

export interface ExportOrgDeps extends ExportSliceDeps {
  /** Templates of the org, archived ones included. */
  readonly listTemplates: (org: OrgSlug) => Promise<readonly Pick<Template, 'templateId'>[]>
  readonly listIntegrations: (org: OrgSlug) => Promise<readonly Integration[]>
  /** Results rows of some templates and days, in a fixed order. */
  readonly readDayRows: (org: OrgSlug, scopes: readonly string[], days: DaySpan) => AsyncIterable<DayRow>
  /** The last erasure that touched each day, by its mark. */
  readonly listErasures: (org: OrgSlug) => Promise<ReadonlyMap<string, string>>
  readonly listExports: (org: OrgSlug, days: DaySpan) => Promise<readonly ExportDay[]>
  /** Writes over the entry that was read; undefined when somebody else has gone on. */
  readonly saveExport: (
    org: OrgSlug,
    day: string,
    before: ExportDay | undefined,
    next: Progress,
  ) => Promise<ExportDay | undefined>
  readonly list: (prefix: string) => AsyncIterable<{ readonly key: string }>
  readonly remove: (key: string) => Promise<void>
  readonly now: () => number
  readonly pause: (ms: number) => Promise<void>
}

export interface DaySpan {
  readonly from: string
  readonly to: string
}
export type Progress = Pick<ExportDay, 'current' | 'running'>

/** `more`: the time is up. `lost`: somebody else exports this org. `days`: how many were completed. */
export interface Exported {
  readonly kind: 'done' | 'more' | 'lost'
  readonly days: number
}

const dayMs = 86_400_000

export async function exportOrg(deps: ExportOrgDeps, org: OrgSlug, untilMs: number): Promise<Exported> {
  const [templates, integrations] = await Promise.all([deps.listTemplates(org), deps.listIntegrations(org)])
  const span = spanBefore(deps.now())
  const scopes = templates.map(({ templateId }) => templateId).toSorted()
  const erasures = await deps.listErasures(org)
  const digests = await digestDays(deps.readDayRows(org, scopes, span))
  const entries = new Map((await deps.listExports(org, span)).map((entry) => [entry.day, entry]))
  const due = dueDays(digests, erasures, entries)
  if (due.length === 0) return { kind: 'done', days: 0 }
  await deps.pause(indexTrailMs)
  const sources: SourceOfDay[] = [
    ...integrations.map(({ source }) => source).toSorted(),
    ...scopes.map((templateId) => `template:${templateId}` as const),
  ]
  let days = 0
  for (const day of due) {
    const kind = await exportDay(deps, org, day, entries.get(day.day), sources, untilMs)
    if (kind !== 'done') return { kind, days }
    days++
  }
  return { kind: 'done', days }
}

async function exportDay(
  deps: ExportOrgDeps,
  org: OrgSlug,
  due: DueDay,
  found: ExportDay | undefined,
  sources: readonly SourceOfDay[],
  untilMs: number,
): Promise<Exported['kind']> {
  let running: RunningExport | undefined = runOf(due, found, sources, deps.now())
  let entry = found
  const keep = async (next: Progress) => {
    entry = await deps.saveExport(org, due.day, entry, next)
    return entry
  }
  const current = found?.current && { current: found.current }
  if (found?.running?.version !== running.version && !(await keep({ ...current, running }))) return 'lost'
  while (running.cursor.source < running.sources.length) {
    if (deps.now() >= untilMs) return 'more'
    running = await exportSlice(deps, org, due.day, running)
    if (!(await keep({ ...current, running }))) return 'lost'
  }
  const finishedAtMs = deps.now()
  await deps.put(manifestKey(org, due.day, running.version), manifestBytes(org, due.day, running, finishedAtMs))
  if (running.purges) await purge(deps, org, due.day, running.version)
  return (await keep({ current: finishRun(running, finishedAtMs) })) ? 'done' : 'lost'
}

/** Deletes every other version of the day, also what an export that was broken off had written. */
async function purge({ list, remove }: ExportOrgDeps, org: OrgSlug, day: string, version: number): Promise<void> {
  for (const folder of exportFolders(org, day)) {
    for await (const { key } of list(folder)) if (!isOfVersion(key, version)) await remove(key)
  }
}

function manifestBytes(org: OrgSlug, day: string, running: RunningExport, finishedAtMs: number): Uint8Array {
  const { version, startedAtMs, files } = running
  const manifest: ExportManifest = {
    org,
    day,
    version,
    started: new Date(startedAtMs).toISOString(),
    finished: new Date(finishedAtMs).toISOString(),
    rows: finishRun(running, finishedAtMs).rows,
    files: files.map(({ dataset, part, rows, bytes }) => ({
      dataset,
      key: exportKey(org, dataset, day, version, part),
      rows,
      bytes,
    })),
  }
  return Buffer.from(JSON.stringify(manifest))
}

/** Days that are over, the last of them yesterday. */
function spanBefore(nowMs: number): DaySpan {
  const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)
  return { from: dayOf(nowMs - exportedDays * dayMs), to: dayOf(nowMs - dayMs) }
}
