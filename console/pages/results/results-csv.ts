// The results as a table for a spreadsheet: a line per arm and copy, a column per counter, the lift last.
import type { ArmResult, ResultsAnswer } from '../../../contract/results.ts'
import { type Cell, toCsv } from '../../words/csv.ts'

export function resultsCsv(results: ResultsAnswer): string {
  const names = [...new Set(results.arms.flatMap(({ counts }) => Object.keys(counts)))].toSorted()
  const events = [...new Set(results.arms.flatMap(({ events: each }) => Object.keys(each)))].toSorted()
  const currenciesOf = (event: string) =>
    [...new Set(results.arms.flatMap(({ events: each }) => Object.keys(each[event]?.value ?? {})))].toSorted()
  const head: Cell[] = ['template', 'from', 'to', 'arm', 'copy', 'choice', ...names]
  for (const event of events)
    head.push(`${event}: sends`, `${event}: events`, ...currenciesOf(event).map((currency) => `${event}: ${currency}`))
  head.push(`${results.metric} per send`, ...liftHead)
  const rows = results.arms.map((entry): Cell[] => [
    results.template_id,
    results.from,
    results.to,
    entry.arm,
    entry.copy_id ?? '',
    entry.choice,
    ...names.map((name) => entry.counts[name] ?? 0),
    ...events.flatMap((event): Cell[] => {
      const { sends = 0, events: count = 0, value = {} } = entry.events[event] ?? {}
      return [sends, count, ...currenciesOf(event).map((currency) => value[currency] ?? '0')]
    }),
    entry.rate,
    ...liftOf(results, entry),
  ])
  return toCsv([head, ...rows])
}

const liftHead = ['sends compared', 'lift', 'lift from', 'lift to', 'chance to beat control', 'p after all comparisons']

/** Only copies that were drawn are compared. */
function liftOf({ comparison }: ResultsAnswer, { arm, copy_id, choice }: ArmResult): Cell[] {
  const isCompared = arm === 'treatment' && choice === 'drawn'
  const found = isCompared ? comparison.copies.find((copy) => copy.copy_id === copy_id) : undefined
  const lift = found?.lift ?? undefined
  if (lift === undefined) return [found?.n ?? null, null, null, null, null, null]
  return [found?.n ?? null, lift.value, lift.lower, lift.upper, lift.chance_to_beat_control, lift.adjusted_p]
}
