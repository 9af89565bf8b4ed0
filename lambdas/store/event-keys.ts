// The keys of `events`: the log, by delivery, by person, by the name of a serve.
import type { CustomEventSubject, EventSource } from '../../contract/custom-event.ts'
import {
  type DeliveryId,
  type OrgSlug,
  orgSlugSchema,
  type PersonKey,
  type SourceRef,
  type TemplateId,
} from '../../contract/ids.ts'
import { quarantineShards } from '../../contract/tables.ts'
import { nameTracking, type ServeName } from '../domain/copy/name-serve.ts'
import { nameSource } from '../domain/health/health-facts.ts'
import { type Key, shardOf } from './key.ts'

/** All events of one delivery, and the serves it asked for, share this partition. */
export function deliveryPartition(org: OrgSlug, deliveryId: string): string {
  return `${org}#d#${deliveryId}`
}

/** The serve that something other than a delivery named: `tracking:…`, `idempotency:…`, `unnamed:…`. */
export function namePartition(org: OrgSlug, nameId: string): string {
  return `${org}#n#${nameId}`
}

/** Reporting events sort before everything else that stands in their partition. */
export const messagePrefix = 'cio#'

export function messageKey(org: OrgSlug, delivery: DeliveryId, eventId: string): Key {
  return { pk: deliveryPartition(org, delivery), sk: `${messagePrefix}${eventId}` }
}

export function personEventKey(org: OrgSlug, person: PersonKey, eventId: string): Key {
  return { pk: personEventsPartition(org, person), sk: `${messagePrefix}${eventId}` }
}

/** The events of a person that belong to no delivery. */
export function personEventsPartition(org: OrgSlug, person: PersonKey): string {
  return `${org}#p#${person}`
}

/** Custom events sort together within their partition. */
export const customEventPrefix = 'custom#'

/** The partition of a custom event: its person's, else its delivery's, else that of the serve its tracking id named. */
export function customEventPartition(org: OrgSlug, subject: CustomEventSubject): string {
  switch (subject.kind) {
    case 'person':
      return personEventsPartition(org, subject.person)
    case 'delivery':
      return deliveryPartition(org, subject.deliveryId)
    case 'tracking': {
      const { kind, id } = nameTracking(subject.trackingId)
      return namePartition(org, `${kind}:${id}`)
    }
  }
}

/** An id that was given (`named`) never meets one that was made from the content. */
export function customEventSort(source: EventSource, eventId: string, named: boolean): string {
  return `${customEventPrefix}${source}#${named ? 'id' : 'of'}#${eventId}`
}

/** Source and id of a custom event, from its sort key. */
export function parseCustomEventSort(sk: string): string {
  return sk.slice(customEventPrefix.length)
}

/** Whether the sort key is of a custom event whose id was given, so that a claim points to it. */
export function isNamedEventSort(sk: string): boolean {
  return sk.startsWith(customEventPrefix) && sk.split('#')[2] === 'id'
}

/** Holds an event id that was given for one content, whomever the event is of. */
export function eventClaimKey(org: OrgSlug, source: EventSource, eventId: string): Key {
  return { pk: `${org}#e#${source}#${eventId}`, sk: 'claim' }
}

/** Serves sort behind everything else that stands in their partition. */
export const servePrefix = 'serve#'

/** `ordinal` counts the same template within one batch call, from 0. */
export function serveKey(org: OrgSlug, name: ServeName, template: TemplateId, ordinal: number): Key {
  const pk = name.kind === 'delivery' ? deliveryPartition(org, name.id) : namePartition(org, `${name.kind}:${name.id}`)
  return { pk, sk: `${servePrefix}${template}#${ordinal}` }
}

export interface EventSubject {
  readonly org: OrgSlug
  readonly kind: 'delivery' | 'person' | 'name' | 'quarantine'
  readonly id: string
}

const subjectKinds = { d: 'delivery', p: 'person', n: 'name', q: 'quarantine' } as const

/** Takes the partition of an event apart; undefined when it is none of ours. */
export function parseEventPartition(pk: string): EventSubject | undefined {
  const match = /^([^#]+)#([dpnq])#(.+)$/s.exec(pk)
  const [, org, letter, id] = match ?? []
  if (org === undefined || id === undefined) return undefined
  if (letter !== 'd' && letter !== 'p' && letter !== 'n' && letter !== 'q') return undefined
  const slug = orgSlugSchema.safeParse(org)
  return slug.success ? { org: slug.data, kind: subjectKinds[letter], id } : undefined
}

/** A body set aside is named by its own digest: the same poison sent again is one item. */
export function quarantineKey(org: OrgSlug, digest: string, part = 0): Key {
  const suffix = part === 0 ? '' : `#${String(part).padStart(3, '0')}`
  return { pk: quarantinePartition(org, shardOf(digest, quarantineShards)), sk: `${digest}${suffix}` }
}

export function quarantinePartition(org: OrgSlug, shard: number): string {
  return `${org}#q#${shard}`
}

/** Beside each body set aside stands when that was, so that a list by time reads no bodies. */
export function quarantineTimeKey(org: OrgSlug, digest: string, atMs: number): Key {
  const { pk } = quarantineKey(org, digest)
  return { pk, sk: `at#${String(atMs).padStart(13, '0')}#${digest}` }
}

/** Sorts before and after every time of a partition, and no digest lies between. */
export const quarantineTimes = { first: 'at#', last: 'at$' } as const

/** The digest in the sort key of a time. */
export function parseQuarantineTimeSort(sk: string): string | undefined {
  return /^at#\d{13}#(.+)$/.exec(sk)?.[1]
}

/** What an instance saw of an org's calls, one item per thing and hour, so that a flood of them stays few items. */
export function sightingKey(org: OrgSlug, what: string, atMs: number, instance: string): Key {
  const hourMs = Math.floor(atMs / 3_600_000) * 3_600_000
  return { pk: sightingPartition(org), sk: `${what}#${String(hourMs).padStart(13, '0')}#${instance}` }
}

/** That messages come from a source: one item for each, however often and by whichever instance it is seen. */
export function sourceSightingKey(org: OrgSlug, source: SourceRef): Key {
  return { pk: sightingPartition(org), sk: nameSource(source) }
}

export function sightingPartition(org: OrgSlug): string {
  return `${org}#r`
}
