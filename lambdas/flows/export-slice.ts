// One slice of a day's export: some thousand outcomes, what stands behind them, and one file of each dataset. No more than
// that is held at once.

import type { ExportCursor, ExportFile, RunningExport } from '../../contract/export.ts'
import { datasets } from '../../contract/export-columns.ts'
import type { OrgSlug, PersonKey, SourceRef, TemplateId } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import { exportSliceOutcomes, maxPersonOutcomes } from '../../contract/limits.ts'
import type { EventFact, Send } from '../../contract/outcome.ts'
import { sourceShards } from '../../contract/tables.ts'
import { creditPerson } from '../domain/exports/credit-persons.ts'
import {
  addRows,
  customRow,
  type ExportRows,
  messageRow,
  noRows,
  rowsOfOutcome,
} from '../domain/exports/export-rows.ts'
import { exportKey } from '../domain/exports/name-export.ts'
import { writeParquet } from '../domain/exports/write-parquet.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import type { Placed, SubjectEvents } from '../domain/measuring/place-outcomes.ts'
import type { MeasureSettings } from '../domain/measuring/plan-measurement.ts'
import { type CheckExportDeps, keepPart } from './check-export.ts'
import { inLanes } from './in-lanes.ts'

/** What the index of outcomes is asked for. */
export type SourceOfDay = SourceRef | `template:${TemplateId}`

/** One outcome, as the index names it. */
export interface OutcomeRef {
  readonly person: PersonKey
  readonly atMs: number
  readonly subject: string
}

export interface ExportSliceDeps extends CheckExportDeps {
  /** Outcomes of one source, day and shard after a place; `after` is absent when there are no more. */
  readonly readRefs: (
    org: OrgSlug,
    at: { readonly source: string; readonly day: string; readonly shard: number; readonly after: string },
    limit: number,
  ) => Promise<{ readonly refs: readonly OutcomeRef[]; readonly after?: string }>
  readonly readOutcomes: (org: OrgSlug, refs: readonly OutcomeRef[]) => Promise<readonly Placed[]>
  readonly readSubject: (org: OrgSlug, subject: SubjectRef) => Promise<SubjectEvents>
  readonly readPerson: (org: OrgSlug, person: PersonKey, most: number) => Promise<readonly Placed[]>
  readonly readCustomEvents: (org: OrgSlug, person: PersonKey) => Promise<readonly EventFact[]>
  readonly findSettings: (org: OrgSlug) => Promise<MeasureSettings>
  readonly findIntegrations: (org: OrgSlug, sources: readonly string[]) => Promise<ReadonlyMap<string, Integration>>
  /** Chances of the copies of a template on a day. */
  readonly readChances: (
    org: OrgSlug,
    templateId: TemplateId,
    day: string,
  ) => Promise<(stratum: string, copyId: string) => number>
}

/** Partitions of events that are read at once. */
const lanes = 16

/** Writes the files of the next slice; answers where the export then is. */
export async function exportSlice(
  deps: ExportSliceDeps,
  org: OrgSlug,
  day: string,
  running: RunningExport,
): Promise<RunningExport> {
  const { refs, cursor } = await gather(deps, org, day, running)
  if (refs.length === 0) return { ...running, cursor }
  const placed = await deps.readOutcomes(org, refs)
  const rows = await rowsOf(deps, org, day, placed)
  const part = running.parts + 1
  const files: ExportFile[] = []
  for (const dataset of datasets) {
    if (rows[dataset].length === 0) continue
    const bytes = writeParquet(dataset, rows[dataset])
    await deps.put(exportKey(org, dataset, day, running.version, part), bytes)
    files.push({ dataset, part, rows: rows[dataset].length, bytes: bytes.byteLength })
  }
  await keepPart(deps, { org, day, version: running.version }, part, rows)
  return { ...running, cursor, parts: part, files: [...running.files, ...files] }
}

/** The next outcomes in the order of sources and shards, as many as a slice takes. */
async function gather(deps: ExportSliceDeps, org: OrgSlug, day: string, { sources, cursor: from }: RunningExport) {
  const refs: OutcomeRef[] = []
  let cursor = from
  while (refs.length < exportSliceOutcomes) {
    const source = sources[cursor.source]
    if (source === undefined) break
    const { shard, after } = cursor
    const page = await deps.readRefs(org, { source, day, shard, after }, exportSliceOutcomes - refs.length)
    refs.push(...page.refs)
    cursor = page.after === undefined ? nextShard(cursor) : { ...cursor, after: page.after }
  }
  return { refs, cursor }
}

function nextShard({ source, shard }: ExportCursor): ExportCursor {
  return shard + 1 < sourceShards
    ? { source, shard: shard + 1, after: '' }
    : { source: source + 1, shard: 0, after: '' }
}

async function rowsOf(
  deps: ExportSliceDeps,
  org: OrgSlug,
  day: string,
  placed: readonly Placed[],
): Promise<ExportRows> {
  const rows = noRows()
  const chances = await chancesOf(deps, org, day, placed)
  for (const one of placed) addRows(rows, rowsOfOutcome(one, chances))
  const persons = new Map<string, PersonKey>()
  for (const { outcome, person } of placed) if (outcome.kind !== 'serve') persons.set(outcome.deliveryId, person)
  await inLanes([...persons], lanes, async ([id, person]) => {
    const { messages } = await deps.readSubject(org, { kind: 'delivery', id, joins: false })
    for (const event of messages) rows.events.push(messageRow(event, person))
  })
  await addCredits(deps, org, placed, rows)
  return rows
}

/** Only of people who earned something is looked up what. */
async function addCredits(
  deps: ExportSliceDeps,
  org: OrgSlug,
  placed: readonly Placed[],
  rows: ExportRows,
): Promise<void> {
  const earners = Map.groupBy(placed.filter(isEarner), ({ person }) => person)
  if (earners.size === 0) return
  const { metrics } = await deps.findSettings(org)
  await inLanes([...earners], lanes, async ([person, sends]) => {
    const [stored, customs] = await Promise.all([
      deps.readPerson(org, person, maxPersonOutcomes),
      deps.readCustomEvents(org, person),
    ])
    const sources = new Set(stored.flatMap(({ outcome }) => (outcome.kind === 'send' ? (outcome.source ?? []) : [])))
    const integrations = await deps.findIntegrations(org, [...sources])
    const credits = creditPerson(stored, customs, (source) => integrations.get(source), metrics)
    for (const { subject, outcome } of sends) {
      const named = new Set((outcome.tallies ?? []).map(({ name }) => name))
      for (const credited of credits.get(subject) ?? []) {
        if (named.has(credited.fact.name)) rows.events.push(customRow(credited, outcome.deliveryId, person))
      }
    }
  })
}

function isEarner(placed: Placed): placed is Placed<Send> {
  return placed.outcome.kind === 'send' && (placed.outcome.tallies ?? []).length > 0
}

async function chancesOf(deps: ExportSliceDeps, org: OrgSlug, day: string, placed: readonly Placed[]) {
  const templates = new Set(
    placed.flatMap(({ outcome }) => (outcome.kind === 'send' ? (outcome.templateId ?? []) : [])),
  )
  const byTemplate = new Map<string, (stratum: string, copyId: string) => number>()
  for (const templateId of templates) byTemplate.set(templateId, await deps.readChances(org, templateId, day))
  return ({ templateId, stratum, copyId, arm }: Send): number | undefined => {
    if (templateId === undefined || copyId === undefined || arm !== 'treatment') return undefined
    return /^v\d+$/.test(stratum ?? '') ? byTemplate.get(templateId)?.(stratum ?? '', copyId) : undefined
  }
}
