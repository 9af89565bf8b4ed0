// The results as a table for a spreadsheet: a line per arm and copy, a column per counter.
import type { ResultsAnswer } from '../../../contract/results.ts'
import { type Cell, toCsv } from '../../words/csv.ts'

export function resultsCsv(results: ResultsAnswer): string {
  const names = [...new Set(results.arms.flatMap(({ counts }) => Object.keys(counts)))].toSorted()
  const head: Cell[] = ['template', 'from', 'to', 'arm', 'copy', 'choice', ...names, `${results.metric} per send`]
  const rows = results.arms.map((entry): Cell[] => [
    results.template_id,
    results.from,
    results.to,
    entry.arm,
    entry.copy_id ?? '',
    entry.choice,
    ...names.map((name) => entry.counts[name] ?? 0),
    entry.rate,
  ])
  return toCsv([head, ...rows])
}
