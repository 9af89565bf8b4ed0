// What an export's rows add up to, and what the results say of the same day: the same totals from both sides, so that a version
// is complete only when they agree. Counts of events that no row is one of are left out.
import type { ExportRow } from '../../../contract/export-columns.ts'
import { progressMetrics, sendMetrics } from '../../../contract/reporting-event.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import { toMinor } from '../measuring/money.ts'
import type { ExportRows } from './export-rows.ts'

/** By template, arm, copy, draw and what is counted; money in minor units. What is not there is 0. */
export type Totals = Map<string, bigint>

const sendNames: ReadonlySet<string> = new Set([...sendMetrics, 'human_opened', 'human_clicked'])
const callNames: ReadonlySet<string> = new Set([...sendNames, ...progressMetrics])
/** Counters of an arm that rows are, besides its metrics. */
const sendCounters = /^(served|oversize|stand_in|join_(journey|latest|none))$/
/** Groups of which a row says neither action nor copy. */
const callGroups: ReadonlySet<string> = new Set(['unsent', 'action', 'other_action'])

/** Rows of what no template names are none of the results that an export is held to. */
export function totalsOfRows({ serves, sends, outcomes }: Omit<ExportRows, 'events'>): Totals {
  const totals: Totals = new Map()
  for (const row of serves) {
    const of = armOf(row)
    add(totals, of, 'served', 1n)
    if (row.oversize === true) add(totals, of, 'oversize', 1n)
  }
  for (const row of sends) {
    const of = armOf(row)
    add(totals, of, `join_${row.join_rule}`, 1n)
    if (row.stand_in === true) add(totals, of, 'stand_in', 1n)
  }
  for (const row of outcomes) addOutcome(totals, row)
  return totals
}

/** @param cells rows of the results of one day, of every template of the org */
export function totalsOfCells(cells: Iterable<CellChange>): Totals {
  const totals: Totals = new Map()
  for (const { scope, cell, counts, money = {} } of cells) {
    const { group, name, stratum, event } = cell
    if (group === 'other') continue
    const isCall = callGroups.has(group)
    const of = isCall ? [scope, group] : [scope, group, name, stratum]
    for (const [counter, count] of Object.entries(counts)) {
      if (event !== undefined) add(totals, of, `event ${event} ${counter}`, BigInt(count))
      else if (isCall ? callNames.has(counter) : sendNames.has(counter) || sendCounters.test(counter))
        add(totals, of, counter, BigInt(count))
    }
    for (const [sum, minor] of Object.entries(money)) {
      if (sum.startsWith('value:')) add(totals, of, `event ${event} ${sum}`, minor)
    }
  }
  return totals
}

export function addTotals(into: Totals, more: Iterable<readonly [string, bigint]>): void {
  for (const [key, count] of more) into.set(key, (into.get(key) ?? 0n) + count)
}

/**
 * Names of totals that the files have and the results never had while they were written. Whatever is counted meanwhile is in some
 * of the files, so a total lies between what the results said before and what they say after.
 */
export function disagreements(before: Totals, exported: Totals, after: Totals): string[] {
  const keys = new Set([...before.keys(), ...exported.keys(), ...after.keys()])
  return [...keys].filter((key) => {
    const [was, is, got] = [before.get(key) ?? 0n, after.get(key) ?? 0n, exported.get(key) ?? 0n]
    return got < (was < is ? was : is) || got > (was < is ? is : was)
  })
}

function addOutcome(totals: Totals, row: ExportRow): void {
  const { subject, kind, name, template_id, events, currency, value } = row
  if (subject !== 'send') {
    const of = template_id ? [String(template_id), String(subject)] : []
    if (callNames.has(String(name))) add(totals, of, String(name), 1n)
    return
  }
  const of = armOf(row)
  if (kind === 'metric' && sendNames.has(String(name))) add(totals, of, String(name), 1n)
  if (kind === 'event') {
    add(totals, of, `event ${name} sends`, 1n)
    add(totals, of, `event ${name} events`, BigInt(Number(events)))
  }
  if (kind === 'value') {
    add(totals, of, `event ${name} value:${currency}`, BigInt(toMinor(String(value), String(currency)) ?? 0))
  }
}

/** Template, arm, copy and draw of a row, as the cell of the results names them; nothing of a row without a template. */
function armOf({ template_id, arm, copy_id, choice, allocation_version }: ExportRow): string[] {
  if (!template_id) return []
  const stratum = choice === 'drawn' ? `v${allocation_version}` : (choice ?? '')
  return [template_id, arm ?? 'unmapped', copy_id ?? '', stratum].map(String)
}

function add(totals: Totals, of: readonly string[], what: string, count: bigint): void {
  if (of.length > 0) addTotals(totals, [[JSON.stringify([...of, what]), count]])
}
