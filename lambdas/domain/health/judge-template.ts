// The lights of one template's traffic: copy is asked for and fits, the arms are seen, the needed metrics come, and messages
// are joined to their copy.
import type { Check } from '../../../contract/check.ts'
import { sendMetrics } from '../../../contract/reporting-event.ts'
import type { Counts } from '../../../contract/result-cell.ts'
import type { TemplateFacts } from './health-facts.ts'
import { judgeCut } from './judge-counting.ts'
import { add } from './sum-days.ts'

/** With fewer messages than this, a metric that has not been seen says nothing. */
const enoughMessages = 100
/** More than this share of something amiss is no accident. */
const toleratedShare = 0.05

type Light = Omit<Check, 'id' | 'title' | 'since'>

/** Drafts and archived templates have no traffic to judge. */
export function judgeTemplate(facts: TemplateFacts): Check[] {
  const { templateId, status } = facts.template
  if (status === 'draft' || status === 'archived') return []
  const sums = sumsOf(facts)
  const light = (id: string, title: string, judged: Light): Check => ({
    id: `${id}:${templateId}`,
    title,
    since: firstDay(facts),
    ...judged,
  })
  return [
    light('copy.calls', 'Copy is asked for', judgeCalls(sums)),
    light('copy.size', 'Copy fits into an attribute', judgeSize(sums, facts)),
    light('arms.control', 'Control messages are seen', judgeControl(sums, facts)),
    light('events.metrics', 'The needed metrics are reported', judgeMetrics(sums, facts)),
    light('join.quality', 'Messages are joined to their copy', judgeJoin(sums)),
    light('events.cut', 'No custom event is left out', judgeCut(sums.both)),
  ]
}

interface Sums {
  readonly served: number
  readonly oversize: number
  readonly calls: Counts
  readonly treatment: Counts
  readonly control: Counts
  readonly both: Counts
  readonly unsent: Counts
}

function sumsOf({ days }: TemplateFacts): Sums {
  const [treatment, control] = [add(days.map((day) => day.treatment)), add(days.map((day) => day.control))]
  return {
    served: days.reduce((sum, day) => sum + day.served, 0),
    oversize: days.reduce((sum, day) => sum + day.oversize, 0),
    calls: add(days.map((day) => day.calls)),
    treatment,
    control,
    both: add([treatment, control]),
    unsent: add(days.map((day) => day.unsent)),
  }
}

function judgeCalls({ served, calls }: Sums): Light {
  const failed = (calls.failed ?? 0) + (calls.undeliverable ?? 0)
  const reported = calls.calls ?? 0
  if (failed > 0 && failed > toleratedShare * reported) {
    return {
      state: 'broken',
      seen: `${failed} of ${reported} calls of the webhook action failed; those people got a message without new copy.`,
      what_to_do:
        'Look at the action’s deliveries at Customer.io: a 401 asks for another X-Api-Key, a 4xx for another body; a missing Liquid variable fails before the call.',
    }
  }
  const retried = calls.attempted ?? 0
  if (retried > toleratedShare * reported && retried > 0) {
    const seen = `${retried} of ${reported} calls of the webhook action had to be tried again.`
    return { state: 'broken', seen, what_to_do: 'Look at the action’s deliveries at Customer.io for what it met.' }
  }
  if (served === 0) {
    const seen = 'Nobody has asked for copy within the last days.'
    return { state: 'waiting', seen, what_to_do: 'Start the campaign, or try the webhook action with a test person.' }
  }
  const told =
    reported === 0 ? 'Customer.io has not reported its own calls yet.' : `Customer.io reports ${reported} calls.`
  return { state: 'ok', seen: `Copy was given ${served} times. ${told}`, what_to_do: '' }
}

function judgeSize({ served, oversize }: Sums, { template }: TemplateFacts): Light {
  if (oversize > 0) {
    return {
      state: 'broken',
      seen: `${oversize} of ${served} copies were larger than ${template.copyLimitBytes} bytes, so Customer.io may not have stored them.`,
      what_to_do: 'Shorten the copy or the fields that go into it; raise the limit only if Customer.io raised yours.',
    }
  }
  if (served === 0) return { state: 'waiting', seen: 'No copy was given yet.', what_to_do: '' }
  return { state: 'ok', seen: `All ${served} copies fit into ${template.copyLimitBytes} bytes.`, what_to_do: '' }
}

function judgeControl({ treatment, control }: Sums, { integrations }: TemplateFacts): Light {
  const [treated, controlled] = [treatment.sent ?? 0, control.sent ?? 0]
  const [treatedMore, controlledMore] = [afterSending(treatment), afterSending(control)]
  if (controlled >= enoughMessages && controlledMore === 0 && treatedMore > 0) {
    return {
      state: 'broken',
      seen: `${controlled} control messages were sent, and nothing else is reported of them; of those with new copy there are ${treatedMore} further events.`,
      what_to_do:
        'Check that the control messages track opens and links as the others do, and that their channel’s events are selected in the reporting webhook.',
    }
  }
  if (controlled > 0) {
    return {
      state: 'ok',
      seen: `${controlled} control messages with ${controlledMore} further events, and ${treated} with new copy.`,
      what_to_do: '',
    }
  }
  if (treated === 0) return { state: 'waiting', seen: 'No message was sent yet.', what_to_do: '' }
  if (treated < enoughMessages) {
    const seen = `${treated} messages with new copy, and none of a control yet.`
    return { state: 'waiting', seen, what_to_do: 'Wait for more messages; a small share of control takes its time.' }
  }
  const named = integrations.some(({ controlActionIds }) => controlActionIds.length > 0)
  return {
    state: 'broken',
    seen: `${treated} messages with new copy, and none of a control.`,
    what_to_do: named
      ? 'Check the Control Action IDs: none of them has sent a message. Without a control nothing can be compared.'
      : 'Save the Control Action ID in the integration settings. Without a control nothing can be compared.',
  }
}

function judgeMetrics({ both, unsent }: Sums, { template, days }: TemplateFacts): Light {
  const sent = both.sent ?? 0
  const seen = sendMetrics.flatMap((metric) => {
    const last = days.findLast((day) => (day.treatment[metric] ?? 0) + (day.control[metric] ?? 0) > 0)
    return last === undefined ? [] : [`${both[metric]} ${metric} (last of messages of ${last.day})`]
  })
  const listed = seen.length === 0 ? 'No message was reported yet.' : `Reported: ${seen.join(', ')}.`
  const unsure = (both.stand_in ?? 0) + (unsent.unmatched ?? 0)
  if (unsure > 0 && unsure > toleratedShare * (sent + (unsent.unmatched ?? 0))) {
    const what_to_do = 'Select the `sent` event of the channel in the reporting webhook, or mend the webhook here.'
    return { state: 'broken', seen: `${unsure} messages were never reported as sent. ${listed}`, what_to_do }
  }
  const key = template.keyMetric
  const isReported = sendMetrics.some((metric) => metric === key) || key === 'human_opened' || key === 'human_clicked'
  if (!isReported || sent === 0 || (both[key] ?? 0) > 0) {
    return { state: sent === 0 ? 'waiting' : 'ok', seen: listed, what_to_do: '' }
  }
  if (sent < enoughMessages) {
    return { state: 'waiting', seen: `No ${key} among ${sent} messages yet. ${listed}`, what_to_do: '' }
  }
  return {
    state: 'broken',
    seen: `Not one ${key} among ${sent} messages, though it is the metric that decides. ${listed}`,
    what_to_do: `Check that the reporting webhook has the ${key} events selected, and that the campaign can have any.`,
  }
}

function judgeJoin({ treatment }: Sums): Light {
  const [journey, latest, unjoined] = [
    treatment.join_journey ?? 0,
    treatment.join_latest ?? 0,
    treatment.join_none ?? 0,
  ]
  const total = journey + latest + unjoined
  if (total === 0) return { state: 'waiting', seen: 'No message with new copy was sent yet.', what_to_do: '' }
  const told = `${journey} by journey, ${latest} by person and time, ${unjoined} not at all.`
  if (unjoined > toleratedShare * total) {
    return {
      state: 'broken',
      seen: `Of ${total} messages with new copy, ${told}`,
      what_to_do:
        'Check that the webhook action sends the user_id that this org joins people by, and that its webhook_sent event is selected in the reporting webhook.',
    }
  }
  return { state: 'ok', seen: `Of ${total} messages with new copy, ${told}`, what_to_do: '' }
}

/** Events of messages besides that they were sent. */
function afterSending({ events = 0, sent = 0 }: Counts): number {
  return Math.max(0, events - sent)
}

/** Since when these sums speak. */
function firstDay({ days }: TemplateFacts): string | null {
  const [first] = days
  return first === undefined ? null : new Date(`${first.day}T00:00:00.000Z`).toISOString()
}
