// What connects a template to Customer.io: the text to paste there, and the campaigns and actions that belong to it here.
import { isDeepStrictEqual } from 'node:util'
import type { OrgSlug } from '../../../contract/ids.ts'
import type { Integration } from '../../../contract/integration.ts'
import { defaultServeWindowDays } from '../../../contract/limits.ts'
import type { Org } from '../../../contract/org.ts'
import { type IntegrationChange, integrationChangeSchema } from '../../../contract/template-answers.ts'
import { Fault } from '../../domain/api/fault.ts'
import { nextRevision } from '../../domain/settings/change-settings.ts'
import { showSource, showTemplate } from '../../domain/settings/show-template.ts'
import { writeIntegrationText } from '../../domain/settings/write-integration-text.ts'
import { type Action, checkIfMatch, etagOf, readBody } from './call.ts'
import { getWhole, store, type TemplatesDeps, type Whole } from './templates.ts'

export interface IntegrationDeps extends TemplatesDeps {
  readonly findOrg: (org: OrgSlug, signal?: AbortSignal) => Promise<Org | undefined>
  /** Names of the fields that a copy's text asks for. */
  readonly fieldsOf: (vars: Readonly<Record<string, string>>) => Promise<readonly string[]>
  readonly apiUrl: string
}

export function readIntegration(deps: IntegrationDeps): Action {
  return async (call) => {
    const [whole, org] = await Promise.all([getWhole(deps, call), deps.findOrg(call.org, call.signal)])
    const live = whole.variants.filter(({ status }) => status === 'active')
    const fields = (await Promise.all(live.map(({ vars }) => deps.fieldsOf(vars)))).flat()
    const text = writeIntegrationText({
      apiUrl: deps.apiUrl,
      org: call.org,
      personIdentifier: org?.personIdentifier ?? 'id',
      template: whole.template,
      variables: live.flatMap(({ vars }) => Object.keys(vars)),
      attributes: live.flatMap(({ attrs }) => Object.keys(attrs)),
      fields,
    })
    return { body: { ...text, sources: whole.sources.map(showSource) }, etag: etagOf(whole.template.revision) }
  }
}

export function putIntegration(deps: IntegrationDeps): Action {
  return async (call) => {
    const change = readBody(integrationChangeSchema, call)
    const whole = await getWhole(deps, call)
    checkIfMatch(call, whole.template.revision)
    const wanted = sourcesOf(whole, change)
    const named = new Set<string>(wanted.map(({ source }) => source))
    const others = await deps.listIntegrations(call.org)
    const taken = others.filter((one) => named.has(one.source) && one.templateId !== whole.template.templateId)
    if (taken.length > 0) {
      const details = taken.map((one) => ({
        path: one.source,
        message: `Connected to the template ${one.templateId}.`,
      }))
      throw new Fault('integration.taken', details)
    }
    // Only what differs is written: each source that is has its sends measured anew.
    const putSources = wanted.filter((one) => !whole.sources.some((standing) => isDeepStrictEqual(standing, one)))
    const removeSources = whole.sources.filter(({ source }) => !named.has(source))
    const scope = change.attribute_scope ?? whole.template.attributeScope
    const revision = nextRevision(whole.template)
    const after = { ...whole.template, ...(scope !== undefined && { attributeScope: scope }), revision }
    const stored = await store(deps, call, whole, { after, putSources, removeSources })
    return {
      body: showTemplate(stored.template, stored.variants, stored.sources),
      etag: etagOf(stored.template.revision),
    }
  }
}

/** @throws Fault `body.invalid` for a source named twice */
function sourcesOf({ template }: Whole, { sources }: IntegrationChange): Integration[] {
  if (new Set(sources.map(({ source }) => source)).size < sources.length) {
    throw new Fault('body.invalid', [{ path: 'sources', message: 'Seen: a source twice. Allowed: each once.' }])
  }
  return sources.map((one) => ({
    source: one.source,
    templateId: template.templateId,
    webhookActionIds: one.webhook_action_ids ?? [],
    controlActionIds: one.control_action_ids ?? [],
    treatmentActionIds: one.treatment_action_ids ?? [],
    serveWindowDays: one.serve_window_days ?? defaultServeWindowDays,
  }))
}
