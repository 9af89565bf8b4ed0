// The keys of `settings`: an org's own, its templates and copy, audit, restatements, imports.
import { createHash } from 'node:crypto'
import {
  type CopyId,
  type OrgSlug,
  orgSlugSchema,
  type PersonKey,
  type SourceRef,
  type TemplateId,
  templateIdSchema,
} from '../../contract/ids.ts'
import type { Limited } from '../../contract/rate-limit.ts'
import type { VerificationTopic } from '../../contract/verification.ts'
import type { Key } from './key.ts'

/** Under this an org stores itself. */
export const orgSort = 'org#'

export function orgKey(org: OrgSlug): Key {
  return { pk: org, sk: orgSort }
}

export function apiKeyKey(org: OrgSlug, keyId: string): Key {
  return { pk: org, sk: `key#${keyId}` }
}

/** Counts the keys that were made: whoever makes one decides by a list, and must not decide beside somebody else. */
export function madeKeysKey(org: OrgSlug): Key {
  return { pk: org, sk: 'made-keys#' }
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

/** What an org has taken of one of its limits. */
export function rateDebtKey(org: OrgSlug, what: Limited): Key {
  return { pk: org, sk: `rate#${what}` }
}

export function integrationKey(org: OrgSlug, source: SourceRef): Key {
  return { pk: org, sk: `integration#${source}` }
}

/** The erasing of a person that is under way; by hash, since it stands longer than their events. */
export function erasureKey(org: OrgSlug, person: PersonKey): Key {
  return { pk: org, sk: `erasure#${createHash('sha256').update(`${org}#${person}`).digest('base64url')}` }
}

export function verificationKey(org: OrgSlug, topic: VerificationTopic): Key {
  return { pk: org, sk: `${verificationPrefix}${topic}` }
}

/** What the last recount found of an org. */
export function recountedKey(org: OrgSlug): Key {
  return { pk: org, sk: 'recounted#' }
}

/** How far the recount is that was begun last. */
export function recountRunKey(org: OrgSlug): Key {
  return { pk: org, sk: 'recount-run#' }
}

/** When its recount was begun, which is not known to have come to an end. */
export function recountBegunKey(org: OrgSlug): Key {
  return { pk: org, sk: 'recount-begun#' }
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

export const exportDayPrefix = 'export#'

/** Days of exports sort by their date. */
export function exportDayKey(org: OrgSlug, day: string): Key {
  return { pk: org, sk: `${exportDayPrefix}${day}` }
}

export const erasedDayPrefix = 'erased#'

/** Says that somebody was erased from a day's outcomes. */
export function erasedDayKey(org: OrgSlug, day: string): Key {
  return { pk: org, sk: `${erasedDayPrefix}${day}` }
}

/** The day in the sort key of such a mark. */
export function parseErasedDay(sk: string): string {
  return sk.slice(erasedDayPrefix.length)
}
/** When an import last got further: written by many loaders, so apart from the import itself. */
export function progressKey(org: OrgSlug, importId: string): Key {
  return { pk: rangePartition(org, importId), sk: 'progress' }
}

/** One pass over the looks at so many ranges. */
export function passKey(org: OrgSlug, importId: string, done: number, pass: number): Key {
  return { pk: rangePartition(org, importId), sk: `${passPrefix(done)}${String(pass).padStart(4, '0')}` }
}

export function passPrefix(done: number): string {
  return `pass#${done}#`
}

/** All orgs' imports that have not ended: few at any time, and the schedule looks at all of them. No org has this name. */
export const openImportsPartition = '~imports'
export const openImportPrefix = 'open#'

export function openImportKey(org: OrgSlug, importId: string): Key {
  return { pk: openImportsPartition, sk: `${openImportPrefix}${org}#${importId}` }
}

/** Takes the sort key of an open import apart. */
export function parseOpenImportSort(sk: string): { org: OrgSlug; importId: string } | undefined {
  const [, slug, importId] = sk.split('#')
  const org = orgSlugSchema.safeParse(slug)
  return org.success && importId !== undefined ? { org: org.data, importId } : undefined
}

/** Up to where the bucket was looked through. */
export const filesCursorKey: Key = { pk: openImportsPartition, sk: 'cursor' }

/** Everything about an org's alerts sorts together, but for the deliveries, of which there are many. */
export const alertsPrefix = {
  all: 'alerts#',
  settings: 'alerts#settings',
  destination: 'alerts#destination#',
  firing: 'alerts#firing#',
} as const

export function alertSettingsKey(org: OrgSlug): Key {
  return { pk: org, sk: alertsPrefix.settings }
}

export function destinationKey(org: OrgSlug, id: string): Key {
  return { pk: org, sk: `${alertsPrefix.destination}${id}` }
}

/** An alert that was sent and whose cause stands. */
export function firingKey(org: OrgSlug, alertId: string): Key {
  return { pk: org, sk: `${alertsPrefix.firing}${alertId}` }
}

export function deliveriesPartition(org: OrgSlug): string {
  return `${org}#deliveries`
}

/** Ids of deliveries begin with their time. */
export function deliveryKey(org: OrgSlug, id: string): Key {
  return { pk: deliveriesPartition(org), sk: id }
}
