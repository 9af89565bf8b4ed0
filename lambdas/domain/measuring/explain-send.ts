// Template, arm and copy of a send, and the rule that decided: from the template's integration and the person's serves.
import type { Arm, CopyId, TemplateId } from '../../../contract/ids.ts'
import type { Integration } from '../../../contract/integration.ts'
import type { JoinRule, Send, Served } from '../../../contract/outcome.ts'
import type { Placed } from './place-outcomes.ts'

export interface Explanation {
  readonly templateId?: TemplateId
  readonly arm?: Arm
  readonly copyId?: CopyId
  readonly stratum?: string
  readonly rule: JoinRule
}

const dayMs = 86_400_000

/** What a send is, and the serve that says so. */
export interface ExplainedSend {
  readonly explanation: Explanation
  readonly serve?: Served
}

/** What a send is, given the integration of its source (none yet: nothing but the fact that it is unexplained). */
export function explainSend(
  send: Placed<Send>,
  integration: Integration | undefined,
  serves: readonly Placed<Served>[],
): ExplainedSend {
  if (integration === undefined) return { explanation: { rule: 'none' } }
  const { templateId } = integration
  const candidates = serves.filter((serve) => serve.outcome.templateId === templateId)
  const [rule, serve] = findServe(send, candidates, integration.serveWindowDays * dayMs)
  const arm = armOf(send.outcome, integration, serve)
  // A serve of the other arm does not explain this send: an action id outranks it.
  if (serve?.arm !== arm) return { explanation: { templateId, arm, rule: 'none' } }
  return { explanation: { templateId, arm, rule, copyId: serve.copyId, stratum: stratumOf(serve) }, serve }
}

/** The serve of the send's own journey; else the person's latest at or before the send, within the window. */
function findServe(
  send: Placed<Send>,
  serves: readonly Placed<Served>[],
  windowMs: number,
): [JoinRule, Served | undefined] {
  const { journeyId } = send.outcome
  const sameJourney = serves.filter(({ outcome }) => journeyId !== undefined && outcome.journeyId === journeyId)
  const ofJourney = latest(sameJourney.filter((serve) => isBefore(serve, send))) ?? earliest(sameJourney)
  if (ofJourney !== undefined) return ['journey', ofJourney.outcome]
  const inWindow = serves.filter((serve) => isBefore(serve, send) && send.atMs - secondOf(serve.atMs) <= windowMs)
  const before = latest(inWindow)
  return before === undefined ? ['none', undefined] : ['latest', before.outcome]
}

function armOf(send: Send, integration: Integration, serve: Served | undefined): Arm {
  const { controlActionIds, treatmentActionIds } = integration
  if (send.actionId !== undefined && controlActionIds.includes(send.actionId)) return 'control'
  if (send.actionId !== undefined && treatmentActionIds.includes(send.actionId)) return 'treatment'
  if (serve !== undefined) return serve.arm
  return controlActionIds.length === 0 ? 'control' : 'treatment'
}

/** Which comparison a serve belongs to: a version of the weights, or none. */
export function stratumOf(serve: Served): string {
  return serve.choice === 'drawn' ? `v${serve.allocationVersion}` : serve.choice
}

/** Customer.io's stamps are whole seconds, so ours is floored before the two are compared. */
function secondOf(atMs: number): number {
  return Math.floor(atMs / 1000) * 1000
}

function isBefore(serve: Placed<Served>, send: Placed<Send>): boolean {
  return secondOf(serve.atMs) <= send.atMs
}

/** Equal instants: the smaller serve id. */
function latest(serves: readonly Placed<Served>[]): Placed<Served> | undefined {
  return serves.toSorted((a, b) => b.atMs - a.atMs || compare(a, b))[0]
}

function earliest(serves: readonly Placed<Served>[]): Placed<Served> | undefined {
  return serves.toSorted((a, b) => a.atMs - b.atMs || compare(a, b))[0]
}

function compare(a: Placed<Served>, b: Placed<Served>): number {
  return a.outcome.serveId < b.outcome.serveId ? -1 : a.outcome.serveId > b.outcome.serveId ? 1 : 0
}
