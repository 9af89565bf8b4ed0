// What a recount keeps between two calls, a line of text each, and the bin that a cell belongs to.
import * as z from 'zod/mini'
import { type CellChange, cellGroupSchema, type ResultScope } from '../../../contract/result-cell.ts'
import type { WrittenRow } from './compare-cells.ts'

const rowLine = z.tuple([z.string(), z.number(), z.number()])
const sumLine = z.object({
  scope: z.string(),
  cell: z.object({
    day: z.string(),
    group: cellGroupSchema,
    name: z.string(),
    stratum: z.string(),
    event: z.optional(z.string()),
  }),
  counts: z.record(z.string(), z.number()),
  /** JSON has no whole numbers of this size. */
  money: z.optional(z.record(z.string(), z.string())),
})
const markLine = z.tuple([z.string(), z.string()])

/** All cells of a scope are in one bin; FNV-1a, 32 bits. */
export function binOf(scope: ResultScope, bins: number): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < scope.length; at++) hash = Math.imul(hash ^ scope.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % bins
}

export function writeRow({ name, shard, changes }: WrittenRow): string {
  return JSON.stringify([name, shard, changes])
}

/** @throws when the line is none of ours */
export function readRow(line: string): WrittenRow {
  const [name, shard, changes] = rowLine.parse(JSON.parse(line))
  return { name, shard, changes }
}

export function writeSum({ money, ...change }: CellChange): string {
  const exact = money && Object.fromEntries(Object.entries(money).map(([name, value]) => [name, String(value)]))
  return JSON.stringify({ ...change, ...(exact && { money: exact }) })
}

/** @throws when the line is none of ours */
export function readSum(line: string): CellChange {
  const { scope, cell, counts, money } = sumLine.parse(JSON.parse(line))
  const { event, ...named } = cell
  const exact = money && Object.fromEntries(Object.entries(money).map(([name, value]) => [name, BigInt(value)]))
  return {
    ...{ scope, cell: { ...named, ...(event !== undefined && { event }) }, counts },
    ...(exact && { money: exact }),
  }
}

export function writeMarks(marks: ReadonlyMap<string, string>): string[] {
  return [...marks].map((mark) => JSON.stringify(mark))
}

/** @throws when a line is none of ours */
export function readMarks(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => markLine.parse(JSON.parse(line))))
}
