// What happens to one message and what its person does next, by the planted rates: the events to tell, in their order, and what
// they must count to. Counts are kept here as they are planned, never read from what the service says.
import { chances, type Draw, deliveredShare, type PlantedMetric, plantedRate } from './planted.ts'

export interface Happening {
  readonly metric: string
  /** Seconds after the send. */
  readonly after: number
  /** What Customer.io says of who did it. */
  readonly marks?: Readonly<Record<string, boolean>>
}

export interface Purchase {
  readonly after: number
  readonly cents: number
}

export interface Story {
  readonly happenings: readonly Happening[]
  readonly purchases: readonly Purchase[]
  /** What the send must count. */
  readonly counts: Readonly<Record<string, number>>
  readonly isSent: boolean
}

/** Longest time from a send to the last that follows from it, seconds. */
export const longestAfter = 3_600

/** @param lift of the copy that was sent; 0 for control */
export function tellStory(draw: Draw, lift: number): Story {
  if (draw('dropped') < chances.dropped) {
    return { happenings: [{ metric: 'dropped', after: 0 }], purchases: [], counts: {}, isSent: false }
  }
  const isDelivered = draw('delivered') < deliveredShare
  const happenings = isDelivered ? [...arrival(draw), ...engagement(draw, lift)] : bounce
  const purchases = draw('purchase') < plantedRate('purchase', lift) ? purchasesOf(draw) : []
  return { happenings, purchases, counts: countsOf(happenings, purchases), isSent: true }
}

const bounce: readonly Happening[] = [
  { metric: 'sent', after: 0 },
  { metric: 'bounced', after: 4 },
]

function arrival(draw: Draw): Happening[] {
  const sent = draw('sentLost') < chances.sentLost ? [] : [{ metric: 'sent', after: 0 }]
  // Without `sent` the delivery is the send, so it is told for the same second.
  return [...sent, { metric: 'delivered', after: sent.length === 0 ? 0 : 3 }]
}

function engagement(draw: Draw, lift: number): Happening[] {
  const has = (metric: Exclude<PlantedMetric, 'purchase'>) => draw(metric) < plantedRate(metric, lift) / deliveredShare
  const [opened, clicked, converted] = [has('human_opened'), has('human_clicked'), has('converted')]
  const synthetic = opened && clicked && draw('syntheticOpen') < chances.syntheticOpen
  const when = (condition: boolean, metric: string, after: number, marks?: Happening['marks']): Happening[] =>
    condition ? [{ metric, after, ...(marks && { marks }) }] : []
  return [
    ...when(draw('machineOpen') < chances.machineOpen, 'opened', 5, { prefetched: true }),
    ...when(draw('machineClick') < chances.machineClick, 'clicked', 6, { machine: true }),
    ...when(opened, 'opened', 60 + Math.floor(draw('openedAfter') * 600), synthetic ? { synthetic: true } : undefined),
    ...when(clicked, 'clicked', 700),
    ...when(clicked && draw('secondClick') < chances.secondClick, 'clicked', 720),
    ...when(converted, 'converted', 900),
    ...when(draw('unsubscribed') < chances.unsubscribed, 'unsubscribed', 1_000),
    ...when(draw('spammed') < chances.spammed, 'spammed', 1_100),
  ]
}

function purchasesOf(draw: Draw): Purchase[] {
  const one = (name: string, after: number) => ({ after, cents: 100 + Math.floor(draw(name) * 20_000) })
  const again = draw('secondPurchase') < chances.secondPurchase
  return [one('firstCents', 1_800), ...(again ? [one('secondCents', longestAfter)] : [])]
}

function countsOf(happenings: readonly Happening[], purchases: readonly Purchase[]): Record<string, number> {
  const of = (metric: string) => happenings.filter((one) => one.metric === metric)
  const isHuman = ({ marks = {} }: Happening) => !marks.prefetched && !marks.machine
  const once = (name: string, found: readonly unknown[]) => (found.length > 0 ? { [name]: 1 } : {})
  const rest = ['delivered', 'bounced', 'opened', 'clicked', 'converted', 'unsubscribed', 'spammed']
  return {
    sent: 1,
    events: happenings.length,
    ...Object.assign({}, ...rest.map((metric) => once(metric, of(metric)))),
    ...once('human_opened', of('opened').filter(isHuman)),
    ...once('human_clicked', of('clicked').filter(isHuman)),
    opened_events: of('opened').length,
    clicked_events: of('clicked').length,
    ...once('purchase sends', purchases),
    'purchase events': purchases.length,
    'purchase cents': purchases.reduce((sum, { cents }) => sum + cents, 0),
  }
}
