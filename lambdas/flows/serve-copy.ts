// One answer of `generate`: choose, render, store, and answer what is stored. Rendering comes first because the size of the
// copy is stored with the serve; when another serve already stands, that one's copy is rendered instead. A call that would
// be refused today may be the retry of one that was served: only then is it looked whether a serve stands.
import type { BatchGenerateAnswer, GenerateAnswer } from '../../contract/generate.ts'
import type { CopyId, OrgSlug, TemplateId } from '../../contract/ids.ts'
import type { Org } from '../../contract/org.ts'
import { commonProblems, type ProblemTable } from '../../contract/problems.ts'
import type { ServeEvent } from '../../contract/stored-event.ts'
import type { Variant } from '../../contract/template.ts'
import { weightsInForce } from '../domain/allocation/weights-in-force.ts'
import { Fault } from '../domain/api/fault.ts'
import { chooseCopy, type TemplateCopies } from '../domain/copy/choose-copy.ts'
import { type NamedCall, type NamedRequest, type ServeName, serveIdOf } from '../domain/copy/name-serve.ts'
import type { CopyCall } from '../domain/copy/normalise-generate.ts'
import type { RenderCopy, RenderedCopy, Unrendered } from '../domain/copy/render-copy.ts'
import { nameServedPerson } from '../domain/events/name-person.ts'

type FindTemplate = (org: OrgSlug, templateId: TemplateId, signal?: AbortSignal) => Promise<TemplateCopies | undefined>

const known: ProblemTable = commonProblems

export interface ServeCopyDeps {
  /** May be `settingsCacheMs` old. */
  readonly findTemplate: FindTemplate
  readonly findTemplateNow: FindTemplate
  /** May be `settingsCacheMs` old. Asked only for a persistent split. */
  readonly findOrg: (org: OrgSlug) => Promise<Org | undefined>
  /** Stores the serve unless one stands under its name; answers the one that stands. */
  readonly putOnce: (
    org: OrgSlug,
    name: ServeName,
    ordinal: number,
    serve: ServeEvent,
    signal?: AbortSignal,
  ) => Promise<ServeEvent>
  /** The serve that stands under a name, strongly consistent. */
  readonly find: (
    org: OrgSlug,
    name: ServeName,
    ordinal: number,
    templateId: TemplateId,
    signal?: AbortSignal,
  ) => Promise<ServeEvent | undefined>
  readonly render: RenderCopy
  readonly now: () => number
  /** 0 up to 1. */
  readonly random: () => number
  /** Told about every text that had to be left empty. */
  readonly onUnrendered: (org: OrgSlug, copyId: CopyId, unrendered: Unrendered) => void
}

/** Serves what a call asks for. @throws Fault with what the caller can mend; anything else is a passing fault */
export async function serveCall(
  deps: ServeCopyDeps,
  org: OrgSlug,
  call: NamedCall,
  signal: AbortSignal,
): Promise<GenerateAnswer | BatchGenerateAnswer> {
  return call.batch ? serveBatch(deps, org, call, signal) : serveOne(deps, org, call, signal)
}

/** Serves the only request of a call. */
async function serveOne(
  deps: ServeCopyDeps,
  org: OrgSlug,
  call: NamedCall,
  signal: AbortSignal,
): Promise<GenerateAnswer> {
  const [request] = call.requests
  if (request === undefined) throw new Error('a call has at least one request')
  return serveCopy(deps, org, call, request, signal)
}

/**
 * Serves every request of a call, each with its own answer or error.
 * @throws what is a passing fault for any one of them: the sender tries again when the whole answer says so, and the named
 * serves that were stored meanwhile stand.
 */
async function serveBatch(
  deps: ServeCopyDeps,
  org: OrgSlug,
  call: NamedCall,
  signal: AbortSignal,
): Promise<BatchGenerateAnswer> {
  const results = call.requests.map(async (request, index) => {
    try {
      return { index, status: 200 as const, ...(await serveCopy(deps, org, call, request, signal)) }
    } catch (error) {
      const problem = error instanceof Fault ? known[error.code] : undefined
      if (!(error instanceof Fault) || problem === undefined || problem.status >= 500) throw error
      const { status, message } = problem
      return { index, status, error: { code: error.code, message } }
    }
  })
  return { results: await Promise.all(results) }
}

/** @throws Fault with what the caller can mend; anything else is a passing fault */
async function serveCopy(
  deps: ServeCopyDeps,
  org: OrgSlug,
  call: CopyCall,
  request: NamedRequest,
  signal: AbortSignal,
): Promise<GenerateAnswer> {
  const { templateId, name, ordinal } = request
  const found = await deps.findTemplate(org, templateId, signal)
  if (found === undefined) throw new Fault('template.unknown')
  const own = await makeServe(deps, org, call, request, found).catch(orFault)
  const refused = own instanceof Fault
  const standing = refused
    ? name.kind !== 'unnamed' && (await deps.find(org, name, ordinal, templateId, signal))
    : await deps.putOnce(org, name, ordinal, own.serve, signal)
  if (!standing) throw own
  const isOwn = !refused && standing.copyId === own.serve.copyId
  const { vars, unrendered } = isOwn ? own.rendered : await renderStanding(deps, org, call, standing, found, signal)
  for (const one of unrendered) deps.onUnrendered(org, standing.copyId, one)
  return { copy: { id: standing.copyId, vars }, template_id: templateId, serve_id: standing.serveId }
}

/** A refusal is an outcome here: the call may have been served before. */
function orFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  throw error
}

/** The serve that the settings give this call by now. @throws Fault when they give none */
async function makeServe(
  deps: ServeCopyDeps,
  org: OrgSlug,
  { userId, attrs, fields }: CopyCall,
  { templateId, copyId, trackingId, name, ordinal }: NamedRequest,
  { template, variants, allocation }: TemplateCopies,
): Promise<{ serve: ServeEvent; rendered: RenderedCopy }> {
  // Whom the outcomes of this call will be of, however the caller spelled them.
  const isPlaced = template.splitMode === 'persistent' && userId !== undefined
  const person = isPlaced ? nameServedPerson(userId, (await deps.findOrg(org))?.personIdentifier ?? 'id') : undefined
  const wish = { org, person, attrs, copyId }
  const { variant, ...chosen } = chooseCopy(template, variants, wish, weightsInForce(allocation), deps.random)
  const rendered = await deps.render(variant, fields)
  const serve: ServeEvent = {
    kind: 'serve',
    serveId: serveIdOf(org, name, templateId, ordinal),
    templateId,
    copyId: variant.copyId,
    arm: variant.arm,
    servedAtMs: deps.now(),
    ...(userId !== undefined && { userId }),
    ...(trackingId !== undefined && { trackingId }),
    ...chosen,
    copyBytes: rendered.copyBytes,
    oversize: rendered.copyBytes > template.copyLimitBytes,
  }
  return { serve, rendered }
}

/** The copy of a serve that was stored earlier, even if it is archived by now or newer than what is in memory. */
async function renderStanding(
  deps: ServeCopyDeps,
  org: OrgSlug,
  call: CopyCall,
  { templateId, copyId }: ServeEvent,
  found: TemplateCopies,
  signal: AbortSignal,
): Promise<RenderedCopy> {
  const ofId = (variants: readonly Variant[] = []) => variants.find((one) => one.copyId === copyId)
  const variant = ofId(found.variants) ?? ofId((await deps.findTemplateNow(org, templateId, signal))?.variants)
  if (variant === undefined) throw new Fault('copy.unknown')
  return deps.render(variant, call.fields)
}
