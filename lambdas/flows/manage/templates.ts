// Templates of an org: listed, made, changed, archived. Every change goes over the template's revision, so that two people
// who edit at once never mix their edits.
import type { AuditEntry } from '../../../contract/audit.ts'
import { type CopyId, type OrgSlug, type TemplateId, templateIdSchema } from '../../../contract/ids.ts'
import type { Integration } from '../../../contract/integration.ts'
import { maxTemplates } from '../../../contract/limits.ts'
import type { Template, Variant } from '../../../contract/template.ts'
import { templateChangeSchema } from '../../../contract/template-answers.ts'
import { Fault } from '../../domain/api/fault.ts'
import type { TemplateCopies } from '../../domain/copy/choose-copy.ts'
import { restatedByTemplate } from '../../domain/measuring/restate.ts'
import { changeTemplate, newTemplate } from '../../domain/settings/change-template.ts'
import { showTemplate } from '../../domain/settings/show-template.ts'
import { type Action, type Call, checkIfMatch, etagOf, type Reply, readBody } from './call.ts'
import { type TellDeps, tellRestatements } from './tell-restatements.ts'

/** One transaction: a template over its revision, with what belongs to it. */
export interface TemplateWrite {
  readonly before: Template | undefined
  readonly after: Template
  readonly putCopies?: readonly Variant[]
  readonly removeCopies?: readonly CopyId[]
  readonly putSources?: readonly Integration[]
  readonly removeSources?: readonly Integration[]
}

export interface TemplatesDeps extends TellDeps {
  readonly findTemplate: (org: OrgSlug, id: TemplateId, signal?: AbortSignal) => Promise<TemplateCopies | undefined>
  readonly listTemplates: (org: OrgSlug) => Promise<readonly Template[]>
  readonly listIntegrations: (org: OrgSlug) => Promise<readonly Integration[]>
  /** `changed`: something else stands there; nothing was written. */
  readonly changeTemplate: (org: OrgSlug, write: TemplateWrite, audit: AuditEntry) => Promise<'stored' | 'changed'>
  readonly now: () => number
}

/** A template with its copy and its sources. */
export interface Whole extends TemplateCopies {
  readonly sources: readonly Integration[]
}

export function listTemplates({ listTemplates }: TemplatesDeps): Action {
  return async ({ org }) => {
    const templates = (await listTemplates(org)).map(({ templateId, name, status, keyMetric }) => {
      return { template_id: templateId, name, status, key_metric: keyMetric }
    })
    return { body: { templates } }
  }
}

export function readTemplate(deps: TemplatesDeps): Action {
  return async (call) => reply(await getWhole(deps, call))
}

export function putTemplate(deps: TemplatesDeps): Action {
  return async (call) => {
    const change = readBody(templateChangeSchema, call)
    const templateId = templateIdOf(call, 'template.malformed')
    const standing = await findWhole(deps, call, templateId)
    checkIfMatch(call, standing?.template.revision)
    if (standing === undefined && (await deps.listTemplates(call.org)).length >= maxTemplates) {
      throw new Fault('template.too_many')
    }
    const variants = standing?.variants ?? []
    const after = changeTemplate(standing?.template ?? newTemplate(templateId), variants, change)
    return reply(await store(deps, call, standing, { after }))
  }
}

export function archiveTemplate(deps: TemplatesDeps): Action {
  return async (call) => {
    const standing = await getWhole(deps, call)
    checkIfMatch(call, standing.template.revision)
    const after = changeTemplate(standing.template, standing.variants, { status: 'archived' })
    return reply(await store(deps, call, standing, { after }))
  }
}

/** @throws Fault `template.unknown` */
export async function getWhole(deps: TemplatesDeps, call: Call): Promise<Whole> {
  const found = await findWhole(deps, call, templateIdOf(call))
  if (found === undefined) throw new Fault('template.unknown')
  return found
}

/** Writes a change with its entry in the log, and answers what then stands. @throws Fault `settings.changed` */
export async function store(
  deps: TemplatesDeps,
  call: Call,
  standing: Whole | undefined,
  write: Omit<TemplateWrite, 'before'>,
): Promise<Whole> {
  const after = afterWrite(standing, write)
  const entry: AuditEntry = {
    atMs: deps.now(),
    who: call.who,
    action: call.action,
    what: `template:${write.after.templateId}`,
    before: standing === undefined ? null : show(touched(standing, write)),
    after: show(touched(after, write)),
  }
  const written = await deps.changeTemplate(call.org, { before: standing?.template, ...write }, entry)
  if (written === 'changed') throw new Fault('settings.changed')
  await tellRestatements(deps, call.org, restatedByTemplate(write))
  return after
}

/** Only the copies that a change is about, so that an entry of the log stays one item. */
function touched(whole: Whole, { putCopies = [], removeCopies = [] }: Omit<TemplateWrite, 'before'>): Whole {
  const ids = new Set<string>([...putCopies.map(({ copyId }) => copyId), ...removeCopies])
  return { ...whole, variants: whole.variants.filter(({ copyId }) => ids.has(copyId)) }
}

function reply(whole: Whole): Reply {
  return { body: show(whole), etag: etagOf(whole.template.revision) }
}

function show({ template, variants, sources }: Whole) {
  return showTemplate(template, variants, sources)
}

function afterWrite(standing: Whole | undefined, write: Omit<TemplateWrite, 'before'>): Whole {
  const { after, putCopies = [], removeCopies = [], putSources = [], removeSources = [] } = write
  const gone = new Set<string>([...putCopies.map(({ copyId }) => copyId), ...removeCopies])
  const cut = new Set<string>([...putSources, ...removeSources].map(({ source }) => source))
  const variants = [...(standing?.variants ?? []).filter(({ copyId }) => !gone.has(copyId)), ...putCopies]
  const sources = [...(standing?.sources ?? []).filter(({ source }) => !cut.has(source)), ...putSources]
  return {
    template: after,
    variants: variants.toSorted((a, b) => (a.copyId < b.copyId ? -1 : 1)),
    sources: sources.toSorted((a, b) => (a.source < b.source ? -1 : 1)),
  }
}

function templateIdOf({ path }: Call, otherwise: 'template.unknown' | 'template.malformed' = 'template.unknown') {
  const parsed = templateIdSchema.safeParse(path.template)
  if (!parsed.success) throw new Fault(otherwise)
  return parsed.data
}

async function findWhole(deps: TemplatesDeps, { org, signal }: Call, id: TemplateId): Promise<Whole | undefined> {
  const [found, integrations] = await Promise.all([deps.findTemplate(org, id, signal), deps.listIntegrations(org)])
  return found && { ...found, sources: integrations.filter(({ templateId }) => templateId === id) }
}
