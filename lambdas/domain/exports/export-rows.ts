// From stored outcomes and events to the rows of an export. A row says what is stored and computes nothing anew, so that
// the rows add up to the results.
import { type Dataset, datasets, type ExportRow } from '../../../contract/export-columns.ts'
import type { PersonKey } from '../../../contract/ids.ts'
import type { Outcome, Send, Served, Tally } from '../../../contract/outcome.ts'
import { stratumOf } from '../measuring/explain-send.ts'
import { fromMinor } from '../measuring/money.ts'
import type { DeliveryEvent, Placed } from '../measuring/place-outcomes.ts'
import type { CreditedEvent } from './credit-persons.ts'

export type ExportRows = Record<Dataset, ExportRow[]>

export function noRows(): ExportRows {
  return { serves: [], sends: [], events: [], outcomes: [] }
}

/** Chance with which the copy of a send was drawn; undefined when it was not drawn, or nobody knows. */
export type PropensityOf = (send: Send) => number | undefined

/** The rows of one outcome: of a serve one, of a delivery itself and everything that became of it. */
export function rowsOfOutcome(placed: Placed, propensityOf: PropensityOf): ExportRows {
  const { outcome } = placed
  const rows = noRows()
  if (outcome.kind === 'serve') {
    if (outcome.counted) rows.serves.push(serveRow(placed, outcome))
    return rows
  }
  const assignment =
    outcome.kind === 'send' ? assignmentOf(outcome) : { ...nobody, template_id: outcome.templateId ?? null }
  const propensity = outcome.kind === 'send' ? (propensityOf(outcome) ?? null) : null
  if (outcome.kind === 'send') rows.sends.push(sendRow(placed, outcome, propensity))
  const facts = { delivery_id: outcome.deliveryId, subject: subjectOf(outcome), ...assignment, propensity }
  const blank = { events: null, first_at: null, currency: null, value: null }
  for (const name of outcome.metrics) rows.outcomes.push({ ...facts, ...blank, kind: 'metric', name })
  for (const tally of outcome.kind === 'send' ? (outcome.tallies ?? []) : []) {
    rows.outcomes.push(...tallyRows(tally).map((row) => ({ ...facts, ...blank, ...row })))
  }
  return rows
}

/** A reporting event of a delivery. */
export function messageRow(event: DeliveryEvent, person: PersonKey): ExportRow {
  const { machine } = event
  return {
    delivery_id: event.deliveryId,
    person: nameOf(person),
    kind: 'message',
    name: event.metric,
    happened_at: event.atMs,
    event_source: 'customerio',
    event_id: event.eventId,
    channel: event.channel,
    value: null,
    currency: null,
    machine: machine.machine || machine.prefetched || machine.proxied,
    backfilled: event.backfilled === true,
  }
}

/** A custom event that counts for a send; one that counts for several has a row for each. */
export function customRow({ fact, worth }: CreditedEvent, deliveryId: string, person: PersonKey): ExportRow {
  const [source = '', , ...id] = fact.id.split('#')
  return {
    delivery_id: deliveryId,
    person: nameOf(person),
    kind: 'custom',
    name: fact.name,
    happened_at: fact.atMs,
    event_source: source,
    event_id: id.join('#'),
    channel: null,
    value: worth?.value ?? null,
    currency: worth?.currency ?? null,
    machine: false,
    backfilled: false,
  }
}

/** Moves rows to those that are gathered. */
export function addRows(into: ExportRows, rows: ExportRows): void {
  for (const dataset of datasets) for (const row of rows[dataset]) into[dataset].push(row)
}

function serveRow({ person, atMs }: Placed, serve: Served): ExportRow {
  return {
    serve_id: serve.serveId,
    person: nameOf(person),
    served_at: atMs,
    template_id: serve.templateId,
    arm: serve.arm,
    copy_id: serve.copyId,
    ...drawOf(stratumOf(serve)),
    probability: serve.probability,
    delivery_id: /^delivery:(.+)$/s.exec(serve.heldBy ?? '')?.[1] ?? null,
    tracking_id: serve.trackingId ?? null,
    journey_id: serve.journeyId ?? null,
    oversize: serve.oversize,
  }
}

function sendRow({ person, atMs }: Placed, send: Send, propensity: number | null): ExportRow {
  return {
    delivery_id: send.deliveryId,
    person: nameOf(person),
    sent_at: atMs,
    delivered_at: send.deliveredAtMs ?? null,
    ...assignmentOf(send),
    propensity,
    join_rule: send.rule,
    channel: send.channel,
    source: send.source ?? null,
    action_id: send.actionId ?? null,
    journey_id: send.journeyId ?? null,
    stand_in: send.standIn,
  }
}

const nobody = { template_id: null, arm: null, copy_id: null, choice: null, allocation_version: null }

function assignmentOf({ templateId, arm, copyId, stratum }: Send) {
  const draw = stratum === undefined ? { choice: null, allocation_version: null } : drawOf(stratum)
  return { template_id: templateId ?? null, arm: arm ?? null, copy_id: copyId ?? null, ...draw }
}

/** `v3` is a draw by version 3; `forced` and `fallback` are none. */
function drawOf(stratum: string) {
  const version = /^v(\d+)$/.exec(stratum)?.[1]
  if (version === undefined) return { choice: stratum, allocation_version: null }
  return { choice: 'drawn', allocation_version: Number(version) }
}

/** The event itself, and what it was worth in each currency. */
function tallyRows({ name, events, firstAtMs, values }: Tally): ExportRow[] {
  return [
    { kind: 'event', name, events, first_at: firstAtMs },
    ...values.map(({ currency, minor }) => ({
      kind: 'value',
      name,
      currency,
      value: fromMinor(BigInt(minor), currency),
    })),
  ]
}

function subjectOf(outcome: Exclude<Outcome, Served>): string {
  return outcome.kind === 'action' && outcome.unlisted === true ? 'other_action' : outcome.kind
}

/** Somebody who is known by nothing but a delivery, as those are who were erased, has no name. */
function nameOf(person: PersonKey): string | null {
  return person.startsWith('delivery:') ? null : person
}
