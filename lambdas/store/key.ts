// What every key of a table is made with. The org is the first part of every partition, so no key built for one org can
// reach another's items. Keys are built and taken apart in the files `*-keys.ts` beside this one, one per table, and
// nowhere else.
import { createHash } from 'node:crypto'

export interface Key {
  readonly pk: string
  readonly sk: string
}

/** Spreads a text evenly over `shards`; the same text always lands on the same one. */
export function shardOf(text: string, shards: number): number {
  return createHash('sha256').update(text).digest().readUInt16BE(0) % shards
}

/** The UTC day of an instant, `2026-11-23`. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}
