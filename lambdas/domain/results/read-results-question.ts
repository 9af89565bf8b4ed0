// What a caller of the results route asks for, with the defaults filled in.
import type { ProblemDetail } from '../../../contract/problems.ts'
import { dayPattern } from '../../../contract/results.ts'
import type { Template } from '../../../contract/template.ts'
import { Fault } from '../api/fault.ts'
import { allowedName, toEventName } from '../events/event-name.ts'
import { countedMetrics, isCounted, type ResultsQuestion } from './summarise-results.ts'

/**
 * Days that a question without `from` looks through for the first send, the last one included. All of a test, because its
 * intervals hold from one beginning on; more than a year of daily rows is too much for an answer.
 */
const mostDays = 400
const dayMs = 86_400_000

/** @throws query.invalid with everything that is wrong */
export function readResultsQuestion(
  query: Readonly<Record<string, string | undefined>>,
  template: Pick<Template, 'templateId' | 'keyMetric'>,
  nowMs: number,
): ResultsQuestion {
  const to = query.to ?? dayOf(nowMs)
  const from = query.from ?? (isDay(to) ? dayOf(Date.parse(to) - (mostDays - 1) * dayMs) : '')
  const metric = query.metric ?? template.keyMetric
  const details: ProblemDetail[] = []
  if (!isDay(to)) details.push(wrong('to', to, 'a day, YYYY-MM-DD'))
  if (query.from !== undefined && !isDay(from)) details.push(wrong('from', from, 'a day, YYYY-MM-DD'))
  if (isDay(from) && isDay(to) && from > to) details.push(wrong('from', from, `a day not after ${to}`))
  if (!isCounted(metric) && toEventName(metric) !== metric) {
    details.push(wrong('metric', metric, `one of ${countedMetrics.join(', ')}, or ${allowedName} of a custom event`))
  }
  if (details.length > 0) throw new Fault('query.invalid', details)
  return { templateId: template.templateId, metric, from, to, nowMs }
}

/** @throws query.invalid for a metric that is neither counted nor the name of an event that was seen or defined */
export function requireKnownMetric(metric: string, eventNames: Iterable<string>): void {
  const names = [...new Set(eventNames)].toSorted()
  if (isCounted(metric) || names.includes(metric)) return
  throw new Fault('query.invalid', [wrong('metric', metric, `one of ${[...countedMetrics, ...names].join(', ')}`)])
}

function isDay(text: string): boolean {
  return dayPattern.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(Date.parse(text)) === text
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}

function wrong(path: string, seen: string, allowed: string): ProblemDetail {
  return { path, message: `saw "${seen.slice(0, 40)}", allowed is ${allowed}` }
}
