// Reads rate(), cron() and at() expressions. Pure: given a time, the next time.
import { LocalProblem } from '../problem.ts'

/** The time after `afterMs` (both epoch milliseconds) at which a schedule is due; undefined: never again. */
export type Due = (afterMs: number) => number | undefined

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
const MINUTE_MS = 60_000
/** How far ahead a cron expression is searched. */
const HORIZON_MINUTES = 366 * 24 * 60
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

type Field = (value: number) => boolean

const fieldOf = (text: string, min: number, max: number, names: readonly string[]): Field => {
  const number = (part: string): number => {
    const named = names.indexOf(part.toUpperCase())
    const value = named >= 0 ? named + 1 : Number(part)
    if (!Number.isInteger(value))
      throw new LocalProblem(`The schedule field ${text} is not one that the local deployment can read.`)
    return value
  }
  const allowed = new Set<number>()
  for (const part of text.split(',')) {
    const [range = '*', step = '1'] = part.split('/')
    const [from, to] =
      range === '*' || range === '?'
        ? [min, max]
        : range.includes('-')
          ? range.split('-').map(number)
          : [number(range), part.includes('/') ? max : number(range)]
    for (let value = from ?? min; value <= (to ?? max); value += Number(step)) allowed.add(value)
  }
  return (value) => allowed.has(value)
}

const cron = (text: string): Due => {
  const [minutes = '*', hours = '*', days = '*', months = '*', weekdays = '*', years = '*'] = text.trim().split(/\s+/)
  const [minute, hour, day, month, weekday, year] = [
    fieldOf(minutes, 0, 59, []),
    fieldOf(hours, 0, 23, []),
    fieldOf(days, 1, 31, []),
    fieldOf(months, 1, 12, MONTHS),
    fieldOf(weekdays, 1, 7, DAYS),
    fieldOf(years, 1970, 2199, []),
  ]
  return (afterMs) => {
    const firstMs = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS
    for (let step = 0; step < HORIZON_MINUTES; step += 1) {
      const at = new Date(firstMs + step * MINUTE_MS)
      if (
        minute(at.getUTCMinutes()) &&
        hour(at.getUTCHours()) &&
        day(at.getUTCDate()) &&
        month(at.getUTCMonth() + 1) &&
        weekday(at.getUTCDay() + 1) &&
        year(at.getUTCFullYear())
      )
        return at.getTime()
    }
    return undefined
  }
}

/** Parses an expression (times are UTC); throws LocalProblem for one that it cannot read. */
export const parseSchedule = (expression: string): Due => {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression)
  if (rate !== null) return (afterMs) => afterMs + Number(rate[1]) * (UNIT_MS[rate[2] ?? ''] ?? MINUTE_MS)
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]
  if (fields !== undefined) return cron(fields)
  const once = /^at\((.+)\)$/.exec(expression)?.[1]
  if (once !== undefined) return (afterMs) => (Date.parse(`${once}Z`) > afterMs ? Date.parse(`${once}Z`) : undefined)
  throw new LocalProblem(`The schedule expression ${expression} is not one that the local deployment can read.`)
}
