// The sums of a template's cells by day, in the words of health: calls for copy, messages, what became of them.
import type { CellChange, Counts } from '../../../contract/result-cell.ts'

/** What happened to the messages of one day of sending, and to the calls for copy made that day. */
export interface DaySum {
  readonly day: string
  /** Answers with copy that we gave. */
  readonly served: number
  readonly oversize: number
  /** Calls of the webhook action as Customer.io reports them, and what became of them. */
  readonly calls: Counts
  readonly treatment: Counts
  readonly control: Counts
  /** Messages of sources that no template claims. */
  readonly unmapped: Counts
  /** Deliveries that were never reported as sent. */
  readonly unsent: Counts
}

const none = { served: 0, oversize: 0, calls: {}, treatment: {}, control: {}, unmapped: {}, unsent: {} }

/** One entry per day on which anything happened, earliest first. */
export function sumDays(rows: readonly CellChange[]): DaySum[] {
  // Custom events have cells of their own, and say nothing of the set-up at Customer.io.
  const byDay = Map.groupBy(
    rows.filter(({ cell }) => cell.event === undefined),
    ({ cell }) => cell.day,
  )
  return [...byDay].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([day, cells]) => ({ ...none, day, ...sumDay(cells) }))
}

function sumDay(cells: readonly CellChange[]): Partial<DaySum> {
  const of = (group: string) => add(cells.filter(({ cell }) => cell.group === group).map(({ counts }) => counts))
  const [treatment, control] = [of('treatment'), of('control')]
  const both = add([treatment, control])
  return {
    served: both.served ?? 0,
    oversize: both.oversize ?? 0,
    calls: of('action'),
    treatment,
    control,
    unmapped: of('unmapped'),
    unsent: of('unsent'),
  }
}

/** Counter by counter. */
export function add(all: readonly Counts[]): Counts {
  const sum: Record<string, number> = {}
  for (const counts of all) for (const [name, value] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + value
  return sum
}
