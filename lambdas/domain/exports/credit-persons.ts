// Which custom events count for which sends, one by one: the same rules over the same facts as the tallies of the sends.
import type { EventFact, Send, Served } from '../../../contract/outcome.ts'
import { type Credit, worthOf } from '../measuring/correlate.ts'
import { explainSend } from '../measuring/explain-send.ts'
import type { MetricsInForce } from '../measuring/metric-rules.ts'
import { fromMinor } from '../measuring/money.ts'
import type { Placed } from '../measuring/place-outcomes.ts'
import type { FindIntegration } from '../measuring/plan-measurement.ts'
import { creditSends } from '../measuring/tally-sends.ts'

export interface CreditedEvent {
  readonly fact: EventFact
  /** What it adds; absent when it has no value that counts. */
  readonly worth?: { readonly currency: string; readonly value: string }
}

/** By the subject of the send, from everything that is stored of one person. */
export function creditPerson(
  stored: readonly Placed[],
  customs: readonly EventFact[],
  findIntegration: FindIntegration,
  metrics: MetricsInForce,
): Map<string, CreditedEvent[]> {
  const serves = stored.filter(isServe)
  const explained = stored.filter(isSend).map((placed) => {
    const { source } = placed.outcome
    const integration = source === undefined ? undefined : findIntegration(source)
    return { placed, serve: explainSend(placed, integration, serves).serve }
  })
  const credits = Map.groupBy(creditSends(explained, serves, customs, metrics), ({ subject }) => subject)
  return new Map([...credits].map(([subject, some]) => [subject, some.map((one) => toCredited(one, metrics))]))
}

function toCredited({ event, rules }: Credit, { currency: orgCurrency }: MetricsInForce): CreditedEvent {
  const worth = worthOf(event, rules, orgCurrency)
  if (worth === undefined) return { fact: event }
  const { currency, minor } = worth
  return { fact: event, worth: { currency, value: fromMinor(minor, currency) } }
}

function isServe(placed: Placed): placed is Placed<Served> {
  return placed.outcome.kind === 'serve'
}

function isSend(placed: Placed): placed is Placed<Send> {
  return placed.outcome.kind === 'send'
}
