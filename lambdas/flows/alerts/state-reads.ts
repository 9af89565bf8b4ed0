// The state that alerts are judged by, from what the results route, the health and the imports read too; so that an alert says
// what they say.

import type { OrgSlug, SourceRef, TemplateId } from '../../../contract/ids.ts'
import type { FileImport } from '../../../contract/import.ts'
import type { Integration } from '../../../contract/integration.ts'
import type { Template } from '../../../contract/template.ts'
import type { Verification } from '../../../contract/verification.ts'
import { type AnswerResultsDeps, answerResults } from '../answer-results.ts'
import type { EvaluateOrgDeps } from './evaluate-org.ts'

export interface StateDeps extends AnswerResultsDeps {
  readonly listTemplates: (org: OrgSlug) => Promise<readonly Template[]>
  readonly listIntegrations: (org: OrgSlug) => Promise<readonly Integration[]>
  readonly verifications: { list(org: OrgSlug): Promise<ReadonlyMap<string, Verification>> }
  readonly readLately: (
    org: OrgSlug,
    sources: readonly (SourceRef | `template:${TemplateId}`)[],
    sinceMs: number,
    limit: number,
  ) => Promise<readonly unknown[]>
  readonly listImports: (org: OrgSlug, limit: number) => Promise<{ readonly imports: readonly FileImport[] }>
}

type StateReads = Pick<
  EvaluateOrgDeps,
  'listServing' | 'judgeTemplate' | 'hasDataSince' | 'findLastDay' | 'findNewestFile' | 'findReportingWebhook'
>

const dayMs = 86_400_000
/** Data older than that are no data that stopped. */
const rememberedDays = 30

export function stateReads(deps: StateDeps): StateReads {
  return {
    async listServing(org) {
      const templates = await deps.listTemplates(org)
      return templates.flatMap(({ templateId, status }) =>
        status === 'active' || status === 'shipped' ? templateId : [],
      )
    },

    judgeTemplate: (org, templateId) => answerResults(deps, org, templateId, {}),

    async hasDataSince(org, sinceMs) {
      const [templates, integrations] = await Promise.all([deps.listTemplates(org), deps.listIntegrations(org)])
      const sources = [
        ...integrations.map(({ source }) => source),
        ...templates.map(({ templateId }) => `template:${templateId}` as const),
      ]
      return (await deps.readLately(org, sources, sinceMs, 1)).length > 0
    },

    async findLastDay(org, templates) {
      const nowMs = deps.now()
      const days = { from: dayOf(nowMs - rememberedDays * dayMs), to: dayOf(nowMs) }
      const rows = (await Promise.all(templates.map((templateId) => deps.readResults(org, templateId, days)))).flat()
      const withData = rows.filter(({ counts }) => (counts.sent ?? 0) > 0 || (counts.served ?? 0) > 0)
      return withData
        .map(({ cell }) => cell.day)
        .toSorted()
        .at(-1)
    },

    async findNewestFile(org) {
      return (await deps.listImports(org, 1)).imports[0]?.modifiedAtMs
    },

    /** As a schedule of its own asks, or somebody in the console. */
    async findReportingWebhook(org) {
      return (await deps.verifications.list(org)).get('reporting-webhook')
    },
  }
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}
