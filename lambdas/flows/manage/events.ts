// The live feed, and the story of one delivery or one person: outcomes as they stand, with the rule that joined them.
import type { ListedEvent } from '../../../contract/event-answers.ts'
import type { DeliveryId, OrgSlug, PersonIdentifier, PersonKey, SourceRef, TemplateId } from '../../../contract/ids.ts'
import { maxHappenings } from '../../../contract/limits.ts'
import type { Org } from '../../../contract/org.ts'
import { Fault } from '../../domain/api/fault.ts'
import { readFeedQuestion } from '../../domain/api/read-feed-question.ts'
import { showHappening } from '../../domain/api/show-happening.ts'
import { type Place, type Placed, placeOutcomes, type SubjectEvents } from '../../domain/measuring/place-outcomes.ts'
import type { Action, Call } from './call.ts'
import type { TemplatesDeps } from './templates.ts'

export interface EventsDeps extends Pick<TemplatesDeps, 'listTemplates' | 'listIntegrations'> {
  readonly findOrg: (org: OrgSlug, signal?: AbortSignal) => Promise<Org | undefined>
  readonly readEvents: (org: OrgSlug, subject: { kind: 'delivery'; id: string }) => Promise<SubjectEvents>
  /** The newest outcomes of a person. */
  readonly readNewest: (org: OrgSlug, person: PersonKey, most: number) => Promise<readonly Placed[]>
  readonly readAt: (org: OrgSlug, places: readonly Place[]) => Promise<readonly Placed[]>
  /** The newest outcomes from some places since an instant, at most `limit` of them. */
  readonly readLately: (
    org: OrgSlug,
    sources: readonly (SourceRef | `template:${TemplateId}`)[],
    sinceMs: number,
    limit: number,
  ) => Promise<readonly Placed[]>
  readonly now: () => number
}

export function readEvents(deps: EventsDeps): Action {
  return async (call) => {
    const question = readFeedQuestion(call.query, deps.now())
    switch (question.kind) {
      case 'delivery':
        return readDelivery(deps, call, question.delivery)
      case 'person':
        return reply(await deps.readNewest(call.org, question.person, maxHappenings + 1), [])
      case 'lately':
        return readLately(deps, call, question.template, question.sinceMs)
    }
  }
}

async function readDelivery(deps: EventsDeps, { org, signal }: Call, delivery: DeliveryId) {
  const [settings, events] = await Promise.all([
    deps.findOrg(org, signal),
    deps.readEvents(org, { kind: 'delivery', id: delivery }),
  ])
  const identifier: PersonIdentifier = settings?.personIdentifier ?? 'id'
  return reply(await deps.readAt(org, placeOutcomes(events, identifier)), listEvents(events))
}

/** A template's serves and the sends of its sources; of every template and source without one. */
async function readLately(deps: EventsDeps, { org }: Call, template: TemplateId | undefined, sinceMs: number) {
  const [templates, integrations] = await Promise.all([deps.listTemplates(org), deps.listIntegrations(org)])
  const wanted = (id: TemplateId) => template === undefined || id === template
  const ids = templates.map(({ templateId }) => templateId).filter(wanted)
  if (template !== undefined && ids.length === 0) throw new Fault('template.unknown')
  const sources = integrations.filter(({ templateId }) => wanted(templateId)).map(({ source }) => source)
  const places = [...ids.map((id) => `template:${id}` as const), ...sources]
  return reply(await deps.readLately(org, places, sinceMs, maxHappenings + 1), [])
}

function reply(outcomes: readonly Placed[], events: readonly ListedEvent[]) {
  const newest = outcomes.toSorted((a, b) => b.atMs - a.atMs || (a.subject < b.subject ? -1 : 1))
  const happenings = newest.slice(0, maxHappenings).map(showHappening)
  return { body: { happenings, events, truncated: newest.length > maxHappenings } }
}

function listEvents({ messages, serves }: SubjectEvents): ListedEvent[] {
  const at = (atMs: number) => new Date(atMs).toISOString()
  const listed = [
    ...messages.map(({ atMs, eventId, metric, channel }) => {
      return { at: at(atMs), kind: 'message' as const, event_id: eventId, name: metric, channel }
    }),
    ...serves.map(({ servedAtMs, serveId }) => {
      return { at: at(servedAtMs), kind: 'serve' as const, event_id: serveId, name: 'serve', channel: null }
    }),
  ]
  return listed.toSorted((a, b) => (a.at < b.at ? -1 : 1))
}
