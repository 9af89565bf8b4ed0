// The only place where a key of a table is built or taken apart. The org is the first part of every partition, so no key
// built for one org can reach another's items.
import { createHash } from 'node:crypto'
import type { CustomEventSubject, EventSource } from '../../contract/custom-event.ts'
import {
  type CopyId,
  type DeliveryId,
  type OrgSlug,
  orgSlugSchema,
  type PersonKey,
  personKeySchema,
  type SourceRef,
  type TemplateId,
  templateIdSchema,
} from '../../contract/ids.ts'
import { type Cell, cellGroupSchema, type ResultScope } from '../../contract/result-cell.ts'
import { quarantineShards, sourceShards } from '../../contract/tables.ts'
import type { VerificationTopic } from '../../contract/verification.ts'
import { nameTracking, type ServeName } from '../domain/name-serve.ts'

export interface Key {
  readonly pk: string
  readonly sk: string
}

/** Spreads a text evenly over `shards`; the same text always lands on the same one. */
function shardOf(text: string, shards: number): number {
  return createHash('sha256').update(text).digest().readUInt16BE(0) % shards
}

/** The UTC day of an instant, `2026-11-23`. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}

// ---- events -------------------------------------------------------------------------------------------------------

/** All events of one delivery, and the serves it asked for, share this partition. */
export function deliveryPartition(org: OrgSlug, deliveryId: string): string {
  return `${org}#d#${deliveryId}`
}

/** The serve that something other than a delivery named: `tracking:…`, `idempotency:…`, `unnamed:…`. */
export function namePartition(org: OrgSlug, nameId: string): string {
  return `${org}#n#${nameId}`
}

export function messageKey(org: OrgSlug, delivery: DeliveryId, eventId: string): Key {
  return { pk: deliveryPartition(org, delivery), sk: `cio#${eventId}` }
}

export function personEventKey(org: OrgSlug, person: PersonKey, eventId: string): Key {
  return { pk: personEventsPartition(org, person), sk: `cio#${eventId}` }
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

/** `ordinal` counts the same template within one batch call, from 0. */
export function serveKey(org: OrgSlug, name: ServeName, template: TemplateId, ordinal: number): Key {
  const pk = name.kind === 'delivery' ? deliveryPartition(org, name.id) : namePartition(org, `${name.kind}:${name.id}`)
  return { pk, sk: `serve#${template}#${ordinal}` }
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

/** Refusals of an org's webhook calls, one item per reason and hour, so that a flood of them stays few items. */
export function refusalKey(org: OrgSlug, why: string, atMs: number): Key {
  const hourMs = Math.floor(atMs / 3_600_000) * 3_600_000
  return { pk: refusalPartition(org), sk: `${why}#${String(hourMs).padStart(13, '0')}` }
}

export function refusalPartition(org: OrgSlug): string {
  return `${org}#r`
}

// ---- outcomes -----------------------------------------------------------------------------------------------------

export function personPartition(org: OrgSlug, person: PersonKey): string {
  return `${org}#${person}`
}

/** By hash, so that it may stay, and say so, when the person was erased. */
export function personRevisionKey(org: OrgSlug, person: PersonKey): Key {
  return { pk: `${org}#~${createHash('sha256').update(`${org}#${person}`).digest('base64url')}`, sk: '#revision' }
}

export function outcomeKey(org: OrgSlug, person: PersonKey, atMs: number, subject: string): Key {
  return { pk: personPartition(org, person), sk: `${String(atMs).padStart(13, '0')}#${subject}` }
}

/** The person of an outcome's partition. */
export function parsePersonPartition(pk: string): PersonKey {
  return personKeySchema.parse(pk.slice(pk.indexOf('#') + 1))
}

/** Takes the sort key of an outcome apart. */
export function parseOutcomeSort(sk: string): { atMs: number; subject: string } {
  return { atMs: Number(sk.slice(0, 13)), subject: sk.slice(14) }
}

/** Index partition: one source, one day, one of several shards. */
export function sourcePartition(
  org: OrgSlug,
  source: SourceRef | `template:${TemplateId}`,
  day: string,
  shard: number,
): string {
  return `${org}#${source}#${day}#${shard}`
}

export function sourceShardOf(subject: string): number {
  return shardOf(subject, sourceShards)
}

// ---- results ------------------------------------------------------------------------------------------------------

/** `scope` is a template, or `~<source>` for a source that no template claims yet. */
export function resultsPartition(org: OrgSlug, scope: ResultScope): string {
  return `${org}#${scope}`
}

/** Days sort first, so a template's days are one range. */
export function resultsKey(org: OrgSlug, scope: ResultScope, cell: Cell, shard: number): Key {
  const { day, group, name, stratum, event } = cell
  const parts = [
    day,
    group,
    name,
    stratum,
    ...(event === undefined ? [] : [`${eventMark}${encodeURIComponent(event)}`]),
  ]
  return { pk: resultsPartition(org, scope), sk: [...parts, shard].join('#') }
}

/** Stands before the name of a custom event in the sort key of its cell. */
const eventMark = 'event:'

/** The day in the sort key of a results row, whatever else it holds. */
export function resultsDayOf(sk: string): string {
  return sk.slice(0, '2026-11-23'.length)
}

/** Takes the keys of a results row apart; undefined when they are none of ours. */
export function parseResultsKey({
  pk,
  sk,
}: Key): { org: string; scope: ResultScope; cell: Cell; shard: number } | undefined {
  const [org, scope, ...extra] = pk.split('#')
  const [day, group, name, stratum, ...rest] = sk.split('#')
  const [marked, shard] = rest.length > 1 ? rest : [undefined, rest[0]]
  const parsedGroup = cellGroupSchema.safeParse(group)
  if (org === undefined || scope === undefined || extra.length > 0 || !parsedGroup.success) return undefined
  if (day === undefined || name === undefined || stratum === undefined || shard === undefined) return undefined
  if (marked !== undefined && (!marked.startsWith(eventMark) || rest.length > 2)) return undefined
  const event = marked === undefined ? {} : { event: decodeURIComponent(marked.slice(eventMark.length)) }
  return { org, scope, cell: { day, group: parsedGroup.data, name, stratum, ...event }, shard: Number(shard) }
}

// ---- settings -----------------------------------------------------------------------------------------------------

export function orgKey(org: OrgSlug): Key {
  return { pk: org, sk: 'org#' }
}

export function apiKeyKey(org: OrgSlug, keyId: string): Key {
  return { pk: org, sk: `key#${keyId}` }
}

/** The template and its copy share this prefix, so one query reads what a serve needs. */
export function templatePrefix(template: TemplateId): string {
  return `template#${template}#`
}

export function templateKey(org: OrgSlug, template: TemplateId): Key {
  return { pk: org, sk: templatePrefix(template) }
}

export function variantKey(org: OrgSlug, template: TemplateId, copy: CopyId): Key {
  return { pk: org, sk: `${templatePrefix(template)}copy#${copy}` }
}

/** The weights in force stand with the template and its copy. */
export function allocationKey(org: OrgSlug, template: TemplateId): Key {
  return { pk: org, sk: `${templatePrefix(template)}allocation` }
}

/** Every version of the weights; apart from the template, so that a serve does not read the past. */
export function allocationVersionKey(org: OrgSlug, template: TemplateId, version: number): Key {
  return { pk: org, sk: `allocation#${template}#${String(version).padStart(9, '0')}` }
}

/** Takes the keys of a template itself apart; undefined for those of its copy, and of every other setting. */
export function parseTemplateKey({ pk, sk }: Key): { org: OrgSlug; templateId: TemplateId } | undefined {
  const org = orgSlugSchema.safeParse(pk)
  const templateId = templateIdSchema.safeParse(/^template#([^#]+)#$/.exec(sk)?.[1])
  return org.success && templateId.success ? { org: org.data, templateId: templateId.data } : undefined
}

export function integrationKey(org: OrgSlug, source: SourceRef): Key {
  return { pk: org, sk: `integration#${source}` }
}

export function verificationKey(org: OrgSlug, topic: VerificationTopic): Key {
  return { pk: org, sk: `${verificationPrefix}${topic}` }
}

/** The topic in the sort key of a verification. */
export function parseVerificationSort(sk: string): string {
  return sk.slice(verificationPrefix.length)
}

const verificationPrefix = 'verified#'
/** Whether the sort key is of a template itself, not of one of its copies. */
export function isTemplateSort(sk: string): boolean {
  return /^template#[^#]+#$/.test(sk)
}

const auditPrefix = 'audit#'

/** Entries sort by time; `mark` tells apart those of one millisecond. */
export function auditKey(org: OrgSlug, atMs: number, mark: string): Key {
  return { pk: org, sk: `${auditPrefix}${String(atMs).padStart(13, '0')}#${mark}` }
}

/** What a page of entries names as the beginning of the next: time and mark of an entry. */
export function auditMark(sk: string): string {
  return sk.slice(auditPrefix.length)
}

/** Sort keys of entries, from the one that a page named on, or all. Whatever is named, no other kind of key is in it. */
export function auditRange(mark = '~'): { ':first': string; ':last': string } {
  return { ':first': auditPrefix, ':last': `${auditPrefix}${mark}` }
}

/** What the sort keys of a kind of setting begin with. */
export const settingPrefixes = {
  apiKey: 'key#',
  integration: 'integration#',
  template: 'template#',
  verification: verificationPrefix,
} as const

/** All orgs' restatements under way: few at any time, and the schedule looks for all of them. No org has this name. */
export const restatementsPartition = '~restate'

export function restatementPrefix(org: OrgSlug): string {
  return `${org}#`
}

export function restatementKey(org: OrgSlug, id: string): Key {
  return { pk: restatementsPartition, sk: `${restatementPrefix(org)}${id}` }
}

/** Takes the sort key of a restatement apart. */
export function parseRestatementSort(sk: string): { org: OrgSlug; id: string } | undefined {
  const at = sk.indexOf('#')
  const org = orgSlugSchema.safeParse(sk.slice(0, at))
  return org.success ? { org: org.data, id: sk.slice(at + 1) } : undefined
}

/** Ids begin with the time of the object, so an org's imports sort by it. */
export const importPrefix = 'import#'

export function importKey(org: OrgSlug, importId: string): Key {
  return { pk: org, sk: `${importPrefix}${importId}` }
}

/** The ranges of an import have a partition of their own: there may be thousands. */
export function rangePartition(org: OrgSlug, importId: string): string {
  return `${org}#import#${importId}`
}

export const rangePrefix = { pending: 'pending#', done: 'done#' } as const

/** A range stands under `pending` until it stands under `done`. */
export function rangeKey(org: OrgSlug, importId: string, state: keyof typeof rangePrefix, number: number): Key {
  return { pk: rangePartition(org, importId), sk: `${rangePrefix[state]}${String(number).padStart(6, '0')}` }
}
