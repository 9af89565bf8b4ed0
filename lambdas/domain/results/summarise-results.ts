// From the sums of a template's cells to the first half of the results answer: arms and copies with counts and rates, and how
// well sends could be joined. What compares them is in judge-results.ts.

import { sendMetrics } from '../../../contract/reporting-event.ts'
import type { CellChange, Counts } from '../../../contract/result-cell.ts'
import type { ArmResult, ResultsSummary } from '../../../contract/results.ts'
import type { Variant } from '../../../contract/template.ts'
import { summariseEvents } from './summarise-events.ts'

export interface ResultsQuestion {
  readonly templateId: string
  readonly metric: string
  readonly from: string
  readonly to: string
  readonly nowMs: number
  /** What is being counted anew of this template, the latest request. */
  readonly restating?: ResultsSummary['restating']
}

/** Metrics that every arm shows, at zero when nothing was counted. */
export const countedMetrics = ['served', ...sendMetrics, 'human_opened', 'human_clicked'] as const

type Choice = ArmResult['choice']

/** Sums the cells of the days asked for. Copies that could be served are shown even when nothing happened to them yet. */
export function summariseResults(
  question: ResultsQuestion,
  rows: readonly CellChange[],
  copies: readonly Pick<Variant, 'copyId' | 'arm' | 'status'>[] = [],
): ResultsSummary {
  const cells = [...rows, ...copies.filter(({ status }) => status === 'active').map(emptyCell)]
  const groups = Map.groupBy(cells, ({ cell }) => cell.group)
  const arms = (['treatment', 'control'] as const).flatMap((arm) => armsOf(arm, groups.get(arm) ?? [], question.metric))
  const total = (group: 'unsent' | 'action' | 'other_action' | 'other') => groups.get(group) ?? []
  return {
    template_id: question.templateId,
    metric: question.metric,
    from: question.from,
    to: question.to,
    arms,
    join: joinOf(addCounts(arms.map(({ join }) => join))),
    unsent: { unmatched: 0, ...addCounts(total('unsent').map(({ counts }) => counts)) },
    action: addCounts(total('action').map(({ counts }) => counts)),
    other_actions: addCounts(total('other_action').map(({ counts }) => counts)),
    other: addCounts(total('other').map(({ cell, counts }) => ({ [cell.name]: counts.deliveries ?? 0 }))),
    restating: question.restating ?? null,
    as_of: new Date(question.nowMs).toISOString(),
  }
}

function emptyCell({ copyId, arm }: Pick<Variant, 'copyId' | 'arm'>): CellChange {
  return { scope: '', cell: { day: '', group: arm, name: copyId, stratum: '' }, counts: {} }
}

/** One entry per copy and choice, the versions of the weights added up. */
function armsOf(arm: ArmResult['arm'], cells: readonly CellChange[], metric: string): ArmResult[] {
  const byCopy = Map.groupBy(cells, ({ cell }) => `${cell.name}#${choiceOf(cell.stratum)}`)
  return [...byCopy.values()].flatMap((all) => {
    const cell = all[0]?.cell
    if (cell === undefined) return []
    const [group, ofEvents] = partition(all)
    const events = summariseEvents(ofEvents)
    const sums = addCounts(group.map(({ counts }) => counts))
    const counts = withoutJoin({ ...zeros, ...sums })
    const rates = Object.fromEntries(
      countedMetrics.filter((name) => name !== 'served').map((name) => [name, perSend(counts, name)]),
    )
    return {
      arm,
      copy_id: cell.name === '' ? null : cell.name,
      choice: choiceOf(cell.stratum),
      counts,
      events,
      rate: perSend({ ...counts, ...sendsByName(events, metric) }, metric),
      rates,
      join: joinOf(sums),
    }
  })
}

/** Ordinary counters, and those of custom events. */
function partition(cells: readonly CellChange[]): [CellChange[], CellChange[]] {
  const ofEvents = cells.filter(({ cell }) => cell.event !== undefined)
  return [cells.filter(({ cell }) => cell.event === undefined), ofEvents]
}

/** The sends that a custom event converted, unless the metric is a counted one. */
function sendsByName(events: ArmResult['events'], metric: string): Counts {
  return isCounted(metric) ? {} : { [metric]: events[metric]?.sends ?? 0 }
}

/** A metric that is counted from what Customer.io reports; every other one is the name of a custom event. */
export function isCounted(metric: string): boolean {
  return countedMetrics.some((name) => name === metric)
}

const zeros: Counts = Object.fromEntries(countedMetrics.map((name) => [name, 0]))

function choiceOf(stratum: string): Choice {
  return stratum === 'forced' || stratum === 'fallback' ? stratum : 'drawn'
}

function perSend(counts: Counts, metric: string): number | null {
  const sent = counts.sent ?? 0
  return sent === 0 ? null : (counts[metric] ?? 0) / sent
}

function joinOf(counts: Counts): ResultsSummary['join'] {
  const of = (rule: string) => counts[rule] ?? counts[`join_${rule}`] ?? 0
  return { journey: of('journey'), latest: of('latest'), none: of('none') }
}

function withoutJoin(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => !name.startsWith('join_')))
}

function addCounts(all: readonly Counts[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const counts of all) {
    for (const name of Object.keys(counts)) sums[name] = (sums[name] ?? 0) + (counts[name] ?? 0)
  }
  return sums
}
