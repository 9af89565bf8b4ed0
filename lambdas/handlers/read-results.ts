// Answers `GET /api/orgs/{org}/templates/{template}/results`: the sums of a template's days, per arm and copy.
import { environments } from '../../contract/environments.ts'
import { type OrgSlug, type TemplateId, templateIdSchema } from '../../contract/ids.ts'
import { answerBudgetMs } from '../../contract/limits.ts'
import type { Org } from '../../contract/org.ts'
import type { Restatement } from '../../contract/restatement.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import type { TemplateCopies } from '../domain/choose-copy.ts'
import { Fault } from '../domain/fault.ts'
import { readResultsQuestion, requireKnownMetric } from '../domain/read-results-question.ts'
import { restatingOf } from '../domain/restate.ts'
import { summariseResults } from '../domain/summarise-results.ts'
import { type ApiAnswer, type ApiEvent, type ApiHandler, answer, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { listPending } from '../store/pending-restatements.ts'
import { type DayRange, readResults } from '../store/results.ts'
import { makeSettingsStore } from '../store/settings.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  const env = readEnvironment(environments.ReadResults)
  const client = makeDynamoForCallers()
  const settings = makeSettingsStore(client, env.SETTINGS_TABLE)
  return makeReadResults({
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({ findApiKey: settings.findApiKey, now: Date.now, stage: env.STAGE }),
      checkToken: makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now: Date.now }),
      stage: env.STAGE,
    }),
    findTemplate: settings.findTemplate,
    findOrg: settings.findOrg,
    listRestatements: async (org) =>
      (await listPending(client, env.SETTINGS_TABLE, org)).map((each) => each.restatement),
    readResults: (org, template, days) => readResults(client, env.RESULTS_TABLE, org, template, days),
    now: Date.now,
    log: makeLog('ReadResults'),
  })
}

// ---- once per request ----
export interface ReadResultsDeps {
  readonly checks: Pick<MemberCheck, 'checkMember'>
  readonly findTemplate: (org: OrgSlug, template: TemplateId) => Promise<TemplateCopies | undefined>
  readonly findOrg: (org: OrgSlug) => Promise<Org | undefined>
  readonly listRestatements: (org: OrgSlug) => Promise<readonly Restatement[]>
  readonly readResults: (org: OrgSlug, template: TemplateId, days: DayRange) => Promise<CellChange[]>
  readonly now: () => number
  readonly log: Log
}

export function makeReadResults(deps: ReadResultsDeps): ApiHandler {
  return apiHandler(deps.log, (event) => withinBudget(answerBudgetMs, (signal) => read(deps, event, signal)))
}

async function read(deps: ReadResultsDeps, event: ApiEvent, signal: AbortSignal): Promise<ApiAnswer> {
  const { org } = await deps.checks.checkMember(event.pathParameters?.org, event.headers, 'viewer', signal)
  const templateId = templateIdSchema.safeParse(event.pathParameters?.template)
  const found = templateId.success ? await deps.findTemplate(org, templateId.data) : undefined
  if (found === undefined) throw new Fault('template.unknown')
  const question = readResultsQuestion(event.queryStringParameters ?? {}, found.template, deps.now())
  const [rows, settings, pending] = await Promise.all([
    deps.readResults(org, found.template.templateId, question),
    deps.findOrg(org),
    deps.listRestatements(org),
  ])
  // A template's own key metric is known, even before anything happened.
  const defined = [found.template.keyMetric, ...(settings?.metrics ?? []).map(({ name }) => name)]
  requireKnownMetric(question.metric, [...rows.flatMap(({ cell }) => cell.event ?? []), ...defined])
  const restating = restatingOf(found.template.templateId, pending)
  return answer(200, summariseResults({ ...question, restating }, rows, found.variants))
}
