// A cell of the results: which sums an outcome feeds. Cells are the sort keys of the `results` table, so that a template's
// days are one range.
import * as z from 'zod/mini'

/** `treatment` and `control` are compared; the others are shown beside them. */
export const cellGroupSchema = z.enum(['treatment', 'control', 'unmapped', 'unsent', 'action', 'other_action', 'other'])
export type CellGroup = z.infer<typeof cellGroupSchema>

export interface Cell {
  /** Day of the send, UTC, `2026-11-23`. */
  readonly day: string
  readonly group: CellGroup
  /** The copy of an arm, the id of an action, or the name of something undocumented; empty when there is none. */
  readonly name: string
  /** Version of the weights (`v0`), `forced` or `fallback`; empty when no serve says. */
  readonly stratum: string
  /** The name of a custom event, whose sums have a cell of their own; absent for everything else. */
  readonly event?: string
}

/** Counters by name. Every value is a whole number; in a change it may be negative. */
export type Counts = Readonly<Record<string, number>>

/** Whole numbers that may be larger than a double holds exactly. */
export type Money = Readonly<Record<string, bigint>>

/** A row of `results` as it is stored: its sums by name, and how often it was written. */
export const resultRowSchema = z.catchall(z.object({ changes: z.number() }), z.union([z.number(), z.bigint()]))

/** A template, or a source that no template claims yet (`~campaign:23`; `~` when the event names none). */
export type ResultScope = string

export interface CellChange {
  readonly scope: ResultScope
  readonly cell: Cell
  readonly counts: Counts
  /** Sums of money by `value:<currency>`, and of squares by `squares:<currency>`; minor units, exact. */
  readonly money?: Money
}
