// The routes that ask Customer.io how the set-up stands, and have it mended there. Settings of ours are never changed.
import type { AuditEntry } from '../../../contract/audit.ts'
import type { Check } from '../../../contract/check.ts'
import { type OrgSlug, type TemplateId, templateIdSchema } from '../../../contract/ids.ts'
import type { Integration } from '../../../contract/integration.ts'
import { type ChecksAnswer, webhookRequestSchema } from '../../../contract/setup-answers.ts'
import type { Template } from '../../../contract/template.ts'
import { Fault } from '../../domain/api/fault.ts'
import type { TemplateCopies } from '../../domain/copy/choose-copy.ts'
import { markIntegration, markSettings, markWebhook } from '../../domain/health/mark-setup.ts'
import { webhookUrl } from '../../domain/settings/show-settings.ts'
import { type Action, readBody } from '../manage/call.ts'
import { mendReportingWebhook } from '../mend-reporting-webhook.ts'
import { verifyIntegrations } from '../verify-integration.ts'
import { verifySettings } from '../verify-settings.ts'
import { type ConnectDeps, connect, noKey } from './customerio.ts'
import { type KeepFindingsDeps, keepFindings } from './keep-findings.ts'

export interface AskDeps extends ConnectDeps, KeepFindingsDeps {
  readonly findTemplate: (org: OrgSlug, template: TemplateId) => Promise<TemplateCopies | undefined>
  readonly listIntegrations: (org: OrgSlug) => Promise<readonly Integration[]>
  readonly listTemplates: (org: OrgSlug) => Promise<readonly Template[]>
  readonly addAudit: (org: OrgSlug, entry: AuditEntry) => Promise<void>
  /** Where the service is reached, without a slash at the end. */
  readonly apiUrl: string
}

export function askSettings(deps: AskDeps): Action {
  return async (call) => {
    const { org, region, ask } = await connect(deps, call)
    const verified = await verifySettings(ask, { region, workspace: org.customerio?.workspace?.id })
    return {
      body: checksAnswer(await keepFindings(deps, call.org, 'settings', markSettings(org), verified), deps.now()),
    }
  }
}

export function askWebhook(deps: AskDeps): Action {
  return async (call) => {
    const { mend } = readBody(webhookRequestSchema, call)
    const { org, region, ask } = await connect(deps, call)
    const light = { id: 'webhook.exists', title: 'Reporting webhook exists and calls us' } as const
    if (ask === undefined) {
      return { body: checksAnswer([{ ...light, state: 'waiting', since: null, ...noKey }], deps.now()) }
    }
    const before = (await deps.verifications.list(call.org)).get('reporting-webhook')
    const templates = (await deps.listTemplates(call.org)).filter(({ status }) => status !== 'archived')
    const mended = await mendReportingWebhook(ask(region), {
      endpoint: webhookUrl(deps.apiUrl, call.org),
      signingKeySinceMs: org.customerio?.signingKey?.sinceMs,
      createdAtMs: before?.webhookCreatedAtMs,
      knownId: before?.webhookId,
      keyMetrics: templates.map(({ keyMetric }) => keyMetric),
      mend,
    })
    const nowMs = deps.now()
    // Taken for made even when the answer was lost: an older signing key must not enable it.
    const isMade = mended.done === 'created' || mended.done === 'perhaps created'
    const extra = {
      ...(isMade && { webhookCreatedAtMs: nowMs }),
      ...(mended.webhookId !== undefined && { webhookId: mended.webhookId }),
    }
    if (mended.done !== 'nothing') {
      const { who, action } = call
      const entry = { atMs: nowMs, who, action, what: 'reporting-webhook', before: null, after: { done: mended.done } }
      await deps.addAudit(call.org, entry)
    }
    // When it was made must not be forgotten, even if Customer.io answered nothing after that.
    const verified = { ...mended, extra, conclusive: mended.conclusive || isMade }
    return {
      body: checksAnswer(
        await keepFindings(deps, call.org, 'reporting-webhook', markWebhook(org), verified),
        deps.now(),
      ),
    }
  }
}

export function askIntegration(deps: AskDeps): Action {
  return async (call) => {
    const templateId = templateIdSchema.safeParse(call.path.template)
    const found = templateId.success ? await deps.findTemplate(call.org, templateId.data) : undefined
    if (!templateId.success || found === undefined) throw new Fault('template.unknown')
    const { org, region, ask } = await connect(deps, call)
    const light = { id: 'integration.campaign', title: 'Campaign exists and runs' } as const
    if (ask === undefined) {
      return { body: checksAnswer([{ ...light, state: 'waiting', since: null, ...noKey }], deps.now()) }
    }
    const integrations = await deps.listIntegrations(call.org)
    const own = integrations.filter((each) => each.templateId === templateId.data)
    const generateUrl = `${deps.apiUrl}/api/generate/${call.org}`
    const verified = await verifyIntegrations(ask(region), own, generateUrl)
    const topic = `integration:${templateId.data}` as const
    return {
      body: checksAnswer(await keepFindings(deps, call.org, topic, markIntegration(org, own), verified), deps.now()),
    }
  }
}

function checksAnswer(checks: Check[], nowMs: number): ChecksAnswer {
  return { checks, as_of: new Date(nowMs).toISOString() }
}
