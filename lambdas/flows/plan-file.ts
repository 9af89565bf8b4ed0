// From word of an object to ranges that wait to be loaded. Word may come twice, late, never, or while another planner is at work:
// the same version of an object is one import, and planning it again gives the same ranges.
import type { OrgSlug } from '../../contract/ids.ts'
import { type FileImport, type FileProblem, type FileProblemCode, fileProblems } from '../../contract/import.ts'
import { rangesOnTheirWay } from '../../contract/limits.ts'
import { nameFile, nameImport, type ObjectVersion, reportKey } from '../domain/files/name-file.ts'
import { VersionMissing } from '../domain/files/object-version.ts'
import { writeReport } from '../domain/files/write-report.ts'
import { cutFile, type FilePlan } from './cut-file.ts'
import type { Files, FindOrg, Ledger, SendRanges } from './file-deps.ts'
import { type FinishDeps, finishImport } from './finish-import.ts'

export interface PlanDeps extends FinishDeps {
  readonly ledger: Ledger
  readonly files: Files
  readonly findOrg: FindOrg
  readonly sendRanges: SendRanges
  readonly now: () => number
}

/** `known`: it was planned before. `nothing`: there is no object to load. */
export type Planned = 'planned' | 'known' | 'failed' | 'superseded' | 'nothing'

/** Ranges that were sent this recently need not be sent again because word of the object came twice. */
const resendAfterMs = 600_000

/**
 * `expected`: the import that is meant, when word is not of whatever stands under the key.
 * @throws when the bucket, the table or the queue cannot answer; word of the object may then be given again
 */
export async function planFile(deps: PlanDeps, key: string, expected?: string): Promise<Planned> {
  const named = nameFile(key)
  if (named.kind === 'ignored') return 'nothing'
  const version = await deps.files.head(key)
  if (version === undefined) return planRemoved(deps, named.kind === 'file' ? named.org : undefined, expected)
  const org = named.org
  if (org === undefined) return tellMisplaced(deps, version)
  const begun = await deps.ledger.begin(importOf(deps, org, version, named.kind === 'file' ? named.source : ''))
  if (expected !== undefined && expected !== begun.importId) await supersede(deps, org, expected)
  if (begun.status === 'loading') return sendAgain(deps, begun)
  if (begun.status !== 'planning') return 'known'
  if (named.kind === 'wrong') return fail(deps, begun, named.code)
  const settings = await deps.findOrg(org)
  if (settings === undefined) return fail(deps, begun, 'file.org')
  try {
    const plan = await cutFile(deps.files, begun, named, settings.fileColumns)
    return await putToWork(deps, begun, plan)
  } catch (error) {
    if (!(error instanceof VersionMissing)) throw error
    if (error.missing === 'gone') return fail(deps, begun, 'file.removed')
    await deps.ledger.replace({ ...begun, status: 'superseded', finishedAtMs: deps.now() }, ['planning'])
    return 'superseded'
  }
}

/** Nothing is under the key: an import that was to be planned ends; one that is loaded goes on as far as it can. */
async function planRemoved(deps: PlanDeps, org: OrgSlug | undefined, importId: string | undefined): Promise<Planned> {
  const of = org === undefined || importId === undefined ? undefined : await deps.ledger.find(org, importId)
  if (of?.status === 'planning') return fail(deps, of, 'file.removed')
  return of?.status === 'loading' ? sendAgain(deps, of) : 'nothing'
}

/** Another version stands where that of the import stood. */
async function supersede(deps: PlanDeps, org: OrgSlug, importId: string): Promise<void> {
  const of = await deps.ledger.find(org, importId)
  if (of === undefined) return
  await deps.ledger.replace({ ...of, status: 'superseded', finishedAtMs: deps.now() }, ['planning', 'loading'])
}

function importOf(deps: PlanDeps, org: OrgSlug, version: ObjectVersion, source: string): FileImport {
  const { key, etag, sizeBytes, modifiedAtMs } = version
  const facts = { org, key, source, etag, sizeBytes, modifiedAtMs }
  return { importId: nameImport(version), ...facts, status: 'planning', startedAtMs: deps.now(), problems: [] }
}

async function putToWork(deps: PlanDeps, begun: FileImport, plan: FilePlan): Promise<Planned> {
  const { ranges, header, columns, unknown, problems } = plan
  await deps.ledger.addPending(begun, ranges)
  const loading: FileImport = {
    ...begun,
    status: 'loading',
    ranges: ranges.length,
    problems: [...problems],
    ...(header !== undefined && { header }),
    ...(columns !== undefined && { columns: [...columns] }),
    ...(unknown !== undefined && { unknownColumns: [...unknown] }),
  }
  if (!(await deps.ledger.replace(loading, ['planning']))) return 'known'
  if (ranges.length === 0) {
    await finishImport(deps, begun.org, begun.importId)
    return 'failed'
  }
  await sendFirst(deps, loading, ranges)
  return 'planned'
}

async function sendAgain(deps: PlanDeps, of: FileImport): Promise<Planned> {
  if (of.sentAtMs !== undefined && deps.now() - of.sentAtMs < resendAfterMs) return 'known'
  const pending = await deps.ledger.readPending(of.org, of.importId, rangesOnTheirWay)
  if (pending.length === 0) await finishImport(deps, of.org, of.importId)
  else await sendFirst(deps, of, pending)
  return 'known'
}

/** Sends the first ranges to be loaded, and notes when; each one that is loaded sends another. */
export async function sendFirst(
  deps: { readonly ledger: Pick<Ledger, 'replace'> } & Pick<PlanDeps, 'sendRanges' | 'now'>,
  of: FileImport,
  ranges: readonly { readonly number: number }[],
): Promise<void> {
  const { org, importId } = of
  await deps.sendRanges(
    org,
    ranges.slice(0, rangesOnTheirWay).map(({ number }) => ({ org, importId, range: number })),
  )
  await deps.ledger.replace({ ...of, sentAtMs: deps.now() }, ['loading'])
}

/** A file that cannot be loaded at all has its report at once. */
async function fail(deps: PlanDeps, begun: FileImport, code: FileProblemCode): Promise<Planned> {
  const problems: FileProblem[] = [{ code, message: fileProblems[code] }]
  await putToWork(deps, begun, { ranges: [], problems })
  return 'failed'
}

/** No org, so no ledger: the report is all there is to tell, and it is told once. */
async function tellMisplaced(deps: PlanDeps, version: ObjectVersion): Promise<Planned> {
  const { key, sizeBytes } = version
  if ((await deps.files.head(reportKey(key))) !== undefined) return 'known'
  const nowMs = deps.now()
  const problems: FileProblem[] = [{ code: 'file.place', message: fileProblems['file.place'] }]
  const report = writeReport({ key, sizeBytes, startedAtMs: nowMs, finishedAtMs: nowMs, problems })
  await deps.files.put(reportKey(key), report, 'application/json')
  return 'failed'
}
