// What the oracle says of custom events: each against every send, by the rules as they are written down, nothing remembered.
import type { PersonIdentifier } from '../../contract/ids.ts'
import type { Metric, MetricRules } from '../../contract/metric.ts'

/** A custom event as the customer sent it, in the content that stands in the end. */
export type CustomRow = Readonly<Record<string, unknown>>

export interface EventRules {
  readonly currency: string
  readonly defaults: MetricRules
  readonly metrics: readonly Metric[]
}

/** A send as the oracle explained it; without a template it says whose delivery it is, and earns nothing. */
export interface ExplainedSend {
  readonly deliveryId: string
  readonly template: string | undefined
  readonly person: string
  readonly atMs: number
  readonly deliveredAtMs: number | undefined
  readonly trackingId: string | undefined
  readonly serveId: string | undefined
}

/** A serve, the partition that it stands in and the persons that it stands with. */
export interface StandingServe {
  readonly serveId: string
  readonly beside: string
  readonly persons: readonly string[]
}

export interface EventSum {
  sends: number
  events: number
  value: Record<string, string>
  squares: Record<string, string>
}

const decimals: Record<string, number> = { JPY: 0, KWD: 3 }

/** The sums of some sends' events by name. `all` are the sends of the whole org, `own` the ones that are summed. */
export function sumEvents(
  rows: readonly CustomRow[],
  all: readonly ExplainedSend[],
  own: readonly ExplainedSend[],
  serves: readonly StandingServe[],
  identifier: PersonIdentifier,
  rules: EventRules,
): Record<string, EventSum> {
  const sums: Record<string, EventSum> = {}
  for (const name of new Set(rows.map((row) => String(row.name)))) {
    const { currency = rules.currency, ...rule } = rules.metrics.find((each) => each.name === name) ?? rules.defaults
    const perSend = own.map((send) =>
      rows.filter((row) => row.name === name && countsFor(row, send, all, serves, identifier, rule)),
    )
    const earning = perSend.filter((events) => events.length > 0)
    if (earning.length === 0) continue
    const amounts = earning.map((events) => (rule.value === 'ignore' ? {} : amountsOf(events, currency)))
    const currencies = new Set(amounts.flatMap((each) => Object.keys(each)))
    const total = (power: number) =>
      [...currencies].map((code) => {
        const minor = amounts.reduce((sum, each) => sum + (each[code] ?? 0) ** power, 0)
        return [code, minor === 0 ? undefined : minor, power * (decimals[code] ?? 2)] as const
      })
    sums[name] = {
      sends: earning.length,
      events: earning.flat().length,
      value: format(total(1)),
      squares: format(total(2)),
    }
  }
  return sums
}

function countsFor(
  row: CustomRow,
  send: ExplainedSend,
  all: readonly ExplainedSend[],
  serves: readonly StandingServe[],
  identifier: PersonIdentifier,
  { windowSeconds, delaySeconds, anchor, model, scope }: Omit<MetricRules, 'currency'>,
): boolean {
  const persons = personsOf(row, all, serves, identifier)
  if (!persons.includes(send.person)) return false
  const from = ({ atMs, deliveredAtMs }: ExplainedSend) =>
    (anchor === 'sent' ? atMs : (deliveredAtMs ?? Number.NaN)) / 1000
  const second = Math.floor(millisOf(row) / 1000)
  const isIn = (each: ExplainedSend) => second >= from(each) + delaySeconds && second <= from(each) + windowSeconds
  const rivals = all.filter(
    ({ person, template }) =>
      person === send.person && (scope === 'org' ? template !== undefined : template === send.template),
  )
  const strength = Math.max(...rivals.map((each) => pinStrength(row, each, serves, identifier)))
  const left = rivals.filter((each) => pinStrength(row, each, serves, identifier) === strength && isIn(each))
  if (!left.includes(send)) return false
  const beats = (a: ExplainedSend, b: ExplainedSend) =>
    from(a) === from(b) ? a.deliveryId < b.deliveryId : model === 'last' ? from(a) > from(b) : from(a) < from(b)
  return model === 'every' || !left.some((each) => each !== send && beats(each, send))
}

/** 2: the event names the delivery; 1: the serve behind it; 0: neither. */
function pinStrength(
  row: CustomRow,
  send: ExplainedSend,
  serves: readonly StandingServe[],
  identifier: PersonIdentifier,
): number {
  if (row.delivery_id === send.deliveryId) return 2
  if (row.tracking_id !== undefined && row.tracking_id === send.trackingId) return 1
  if (send.serveId === undefined || personIn(row, identifier) !== undefined) return 0
  const beside = serves.find(({ serveId }) => serveId === send.serveId)?.beside
  return beside !== undefined && beside === placeOf(row) ? 1 : 0
}

/** The person named, or those of the delivery or the serves that the event stands beside. */
function personsOf(
  row: CustomRow,
  all: readonly ExplainedSend[],
  serves: readonly StandingServe[],
  identifier: PersonIdentifier,
): string[] {
  const named = personIn(row, identifier)
  if (named !== undefined) return [named]
  return [
    ...all.filter(({ deliveryId }) => deliveryId === row.delivery_id).map(({ person }) => person),
    ...serves.filter(({ beside }) => beside === placeOf(row)).flatMap(({ persons }) => persons),
  ]
}

function placeOf({ delivery_id, tracking_id }: CustomRow): string {
  return delivery_id === undefined ? `tracking ${tracking_id}` : `delivery ${delivery_id}`
}

function personIn(row: CustomRow, identifier: PersonIdentifier): string | undefined {
  const { user_id, email, cio_id } = row
  const given: Record<string, unknown> = { id: undefined, email, cio_id }
  given[identifier] ??= user_id
  const kind = [identifier, 'id', 'cio_id', 'email'].find((each) => given[each] !== undefined)
  if (kind === undefined) return user_id === undefined ? undefined : `${identifier}:${user_id}`
  return `${kind}:${kind === 'email' ? String(given[kind]).toLowerCase() : given[kind]}`
}

function millisOf({ timestamp }: CustomRow): number {
  return Number(timestamp)
}

function amountsOf(rows: readonly CustomRow[], currency: string): Record<string, number> {
  const amounts: Record<string, number> = {}
  for (const row of rows) {
    if (row.value === undefined) continue
    const code = String(row.currency ?? currency)
    const minor = Number(row.value) * 10 ** (decimals[code] ?? 2)
    if (Math.abs(minor - Math.round(minor)) > 1e-6) continue
    amounts[code] = (amounts[code] ?? 0) + Math.round(minor)
  }
  return amounts
}

function format(totals: readonly (readonly [string, number | undefined, number])[]): Record<string, string> {
  const known = totals.flatMap(([code, minor, digits]) => (minor === undefined ? [] : [[code, minor, digits] as const]))
  return Object.fromEntries(known.map(([code, minor, digits]) => [code, (minor / 10 ** digits).toFixed(digits)]))
}
