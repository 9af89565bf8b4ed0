// The keys of `outcomes`: one item per send, under its person, and the person's revision.

import { createHash } from 'node:crypto'
import { type OrgSlug, type PersonKey, personKeySchema, type SourceRef, type TemplateId } from '../../contract/ids.ts'
import { sourceShards } from '../../contract/tables.ts'
import { type Key, shardOf } from './key.ts'

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
