// What one outcome adds to the results. Counters change by the difference of two contributions and by nothing else.

import { maxUndocumentedMetrics } from '../../../contract/limits.ts'
import type { ActionCall, Send, Tally, Unsent } from '../../../contract/outcome.ts'
import { channels, progressMetrics, sendMetrics } from '../../../contract/reporting-event.ts'
import type { Cell, CellChange, CellGroup, Counts } from '../../../contract/result-cell.ts'
import { stratumOf } from './explain-send.ts'
import type { Placed } from './place-outcomes.ts'

const counted: ReadonlySet<string> = new Set([...sendMetrics, 'human_opened', 'human_clicked'])
const documented: ReadonlySet<string> = new Set([...counted, ...progressMetrics])
const documentedChannels: ReadonlySet<string> = new Set(channels)
const engagement = new Set(['opened', 'clicked', 'converted', 'unsubscribed', 'spammed', 'replied'])

/** The cells that an outcome feeds, and what it feeds them. */
export function contribute({ atMs, outcome }: Placed): CellChange[] {
  const day = new Date(atMs).toISOString().slice(0, 10)
  switch (outcome.kind) {
    case 'send':
      return [...contributeSend(day, outcome), ...contributeUndocumented(day, outcome)]
    case 'unsent':
      return [
        change(outcome, { day, group: 'unsent', name: '', stratum: '' }, countUnsent(outcome)),
        ...contributeUndocumented(day, outcome),
      ]
    case 'action': {
      const group = outcome.unlisted === true ? 'other_action' : 'action'
      const cell: Cell = { day, group, name: outcome.actionId ?? '', stratum: '' }
      const documentedOnly = outcome.metrics.filter((metric) => documented.has(metric))
      return [
        change(outcome, cell, { calls: 1, events: outcome.events, ...ones(documentedOnly) }),
        ...contributeUndocumented(day, outcome),
      ]
    }
    case 'serve': {
      if (!outcome.counted) return []
      const cell: Cell = { day, group: outcome.arm, name: outcome.copyId, stratum: stratumOf(outcome) }
      return [{ scope: outcome.templateId, cell, counts: { served: 1, ...(outcome.oversize && { oversize: 1 }) } }]
    }
  }
}

function contributeSend(day: string, send: Send): CellChange[] {
  const group: CellGroup = send.templateId === undefined ? 'unmapped' : (send.arm ?? 'unmapped')
  const cell: Cell = { day, group, name: send.copyId ?? '', stratum: send.stratum ?? '' }
  const counts = {
    ...ones(send.metrics.filter((metric) => counted.has(metric))),
    [`join_${send.rule}`]: 1,
    events: send.events,
    ...(send.openedEvents > 0 && { opened_events: send.openedEvents }),
    ...(send.clickedEvents > 0 && { clicked_events: send.clickedEvents }),
    ...(send.standIn && { stand_in: 1 }),
    ...(send.cut && { events_cut: 1 }),
  }
  return [change(send, cell, counts), ...(send.tallies ?? []).map((tally) => contributeTally(send, cell, tally))]
}

/** A send that has a custom event, how many of them, and their money with the squares that its variance needs. */
function contributeTally(send: Send, cell: Cell, { name, events, values }: Tally): CellChange {
  const money = values.flatMap(({ currency, minor }): [string, bigint][] => [
    [`value:${currency}`, BigInt(minor)],
    [`squares:${currency}`, BigInt(minor) ** 2n],
  ])
  const counts = { sends: 1, events }
  return { ...change(send, { ...cell, event: name }, counts), money: Object.fromEntries(money) }
}

/** Engagement without a send is unmatched; a refusal (dropped, failed …) is counted under its own name. */
function countUnsent(unsent: Unsent): Counts {
  const unmatched = unsent.metrics.some((metric) => engagement.has(metric))
  const names = unsent.metrics.filter((metric) => documented.has(metric))
  return { deliveries: 1, events: unsent.events, ...ones(names), ...(unmatched && { unmatched: 1 }) }
}

/** Each undocumented name has a cell of its own, so that no sender can make a cell grow without end. */
function contributeUndocumented(day: string, outcome: Send | Unsent | ActionCall): CellChange[] {
  const unknown = outcome.metrics.filter((metric) => !documented.has(metric)).toSorted()
  const metrics = unknown.slice(0, maxUndocumentedMetrics).map((metric) => `metric:${metric}`)
  const channel = documentedChannels.has(outcome.channel) ? [] : [`channel:${outcome.channel}`]
  return [...metrics, ...channel].map((name) =>
    change(outcome, { day, group: 'other', name, stratum: '' }, { deliveries: 1 }),
  )
}

function change(outcome: Send | Unsent | ActionCall, cell: Cell, counts: Counts): CellChange {
  return { scope: outcome.templateId ?? `~${outcome.source ?? ''}`, cell, counts }
}

function ones(names: readonly string[]): Counts {
  return Object.fromEntries(names.map((name) => [name, 1]))
}
