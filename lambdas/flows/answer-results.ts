// The answer of the results route: reads a template's days and what they were drawn by, sums them up and judges them.
import type { StoredAllocation } from '../../contract/allocation.ts'
import { type OrgSlug, type TemplateId, templateIdSchema } from '../../contract/ids.ts'
import type { Org } from '../../contract/org.ts'
import type { Restatement } from '../../contract/restatement.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import type { ResultsAnswer } from '../../contract/results.ts'
import { versionsSeen } from '../domain/allocation/draw-chances.ts'
import { Fault } from '../domain/api/fault.ts'
import type { TemplateCopies } from '../domain/copy/choose-copy.ts'
import { metricsInForce } from '../domain/measuring/metric-rules.ts'
import { restatingOf } from '../domain/measuring/restate.ts'
import { judgeResults } from '../domain/results/judge-results.ts'
import { readResultsQuestion, requireKnownMetric } from '../domain/results/read-results-question.ts'
import { summariseResults } from '../domain/results/summarise-results.ts'

export interface AnswerResultsDeps {
  readonly findTemplate: (org: OrgSlug, template: TemplateId) => Promise<TemplateCopies | undefined>
  readonly findOrg: (org: OrgSlug) => Promise<Org | undefined>
  readonly listRestatements: (org: OrgSlug) => Promise<readonly Restatement[]>
  readonly readResults: (
    org: OrgSlug,
    template: TemplateId,
    days: { readonly from: string; readonly to: string },
  ) => Promise<CellChange[]>
  /** First day on which anything was sent. */
  readonly findFirstDay: (org: OrgSlug, template: TemplateId) => Promise<string | undefined>
  readonly listAllocations: (
    org: OrgSlug,
    template: TemplateId,
    versions: { readonly from: number; readonly to: number },
  ) => Promise<StoredAllocation[]>
  readonly now: () => number
}

type Query = Readonly<Record<string, string | undefined>>

/** @throws Fault `template.unknown`, or `query.invalid` with everything that is wrong */
export async function answerResults(
  deps: AnswerResultsDeps,
  org: OrgSlug,
  template: string | undefined,
  query: Query,
): Promise<ResultsAnswer> {
  const wanted = templateIdSchema.safeParse(template)
  const found = wanted.success ? await deps.findTemplate(org, wanted.data) : undefined
  if (found === undefined) throw new Fault('template.unknown')
  const { templateId, keyMetric } = found.template
  const asked = readResultsQuestion(query, found.template, deps.now())
  const isPicked = query.from !== undefined
  const [rows, settings, pending, firstDay] = await Promise.all([
    deps.readResults(org, templateId, asked),
    deps.findOrg(org),
    deps.listRestatements(org),
    isPicked ? deps.findFirstDay(org, templateId) : undefined,
  ])
  const startedOn = isPicked ? firstDay : firstDayOf(rows.filter(({ counts }) => (counts.sent ?? 0) > 0))
  const question = { ...asked, from: isPicked ? asked.from : (firstDayOf(rows) ?? asked.to) }
  const isPart = startedOn !== undefined && startedOn < question.from
  // A template's own key metric is known, even before anything happened.
  const defined = [keyMetric, ...(settings?.metrics ?? []).map(({ name }) => name)]
  requireKnownMetric(question.metric, [...rows.flatMap(({ cell }) => cell.event ?? []), ...defined])
  const versions = versionsSeen(rows)
  const allocations = versions === undefined ? [] : await deps.listAllocations(org, templateId, versions)
  const rules = metricsInForce(settings).find(question.metric)
  const restating = restatingOf(templateId, pending)
  return {
    ...summariseResults({ ...question, restating }, rows, found.variants),
    ...judgeResults(found, rows, { ...question, rules, allocations, startedOn: isPart ? startedOn : undefined }),
    started_on: startedOn ?? null,
  }
}

function firstDayOf(rows: readonly CellChange[]): string | undefined {
  return rows.reduce<string | undefined>(
    (first, { cell: { day } }) => (first !== undefined && first < day ? first : day),
    undefined,
  )
}
