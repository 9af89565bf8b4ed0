// A name under which more outcomes stand than anybody is sent messages: one id for many people, or a placeholder that was
// never filled. It is nobody's: what stands under it is counted one by one, and nothing of it explains or earns anything, so
// that such a name takes no more time than any other.
import type { ActionId, PersonIdentifier, PersonKey } from '../../../contract/ids.ts'
import type { Integration } from '../../../contract/integration.ts'
import type { Explanation } from './explain-send.ts'
import { type Place, personsConcerned, type SubjectEvents } from './place-outcomes.ts'

const crowdMark = 'crowd-'

/** A revision that says: this name is a crowd's, for good. `mark` makes it differ from every other. */
export function crowdRevision(mark: string): string {
  return `${crowdMark}${mark}`
}

export function isCrowd(revision: string | undefined): boolean {
  return revision?.startsWith(crowdMark) === true
}

/** Every place under some names where any part of these events could have put an outcome. */
export function placesUnder(
  names: ReadonlySet<PersonKey>,
  events: SubjectEvents,
  identifier: PersonIdentifier,
): Place[] {
  const { messages, serves } = events
  const ofMessages = messages.flatMap(({ deliveryId, channel, metric, atMs }) => {
    if (channel === 'webhook') return [{ atMs, subject: `action:${deliveryId}` }]
    const unsent = { atMs, subject: `unsent:${deliveryId}` }
    return metric === 'sent' || metric === 'delivered' ? [unsent, { atMs, subject: `send:${deliveryId}` }] : [unsent]
  })
  const ofServes = serves.map(({ serveId, servedAtMs }) => ({ atMs: servedAtMs, subject: `serve:${serveId}` }))
  const unique = new Map([...ofMessages, ...ofServes].map((place) => [`${place.atMs} ${place.subject}`, place]))
  return personsConcerned(events, identifier)
    .filter((person) => names.has(person))
    .flatMap((person) => [...unique.values()].map((place) => ({ person, ...place })))
}

/** Of a send to a crowd its action may tell that it is control's; else it is of a copy that nobody knows, and not compared. */
export function explainOfCrowd(actionId: ActionId | undefined, integration: Integration | undefined): Explanation {
  if (integration === undefined) return { rule: 'none' }
  const { templateId, controlActionIds } = integration
  const isControl = actionId !== undefined && controlActionIds.includes(actionId)
  return { templateId, arm: isControl ? 'control' : 'treatment', rule: 'none' }
}
