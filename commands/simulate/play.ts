// Plays all persons, several at once: each goes down a branch, a copy is asked for on one of them, the message goes out and its
// events are told; late ones when everybody else is done. What was planned goes into the books.
import { inLanes } from '../../lambdas/flows/in-lanes.ts'
import { addTo, type Books, entryName } from './books.ts'
import { askForCopy, type Deployment, reportEvent, sendEvents } from './deployment.ts'
import { dropFiles, type PurchaseEvent, planFiles } from './files.ts'
import { callIdOf, callReport, purchaseEvents, reportsOf, type Traveller } from './messages.ts'
import type { Options } from './options.ts'
import { chances, drawsOf } from './planted.ts'
import { longestAfter, tellStory } from './story.ts'

export interface Played {
  readonly books: Books
  /** Calls that were made, retries by plan included. */
  readonly calls: number
  readonly files: number
  /** What the service answered otherwise than it must. */
  readonly faults: readonly string[]
}

/** Any action that is not control's; the template's set-up names none for its copies. */
const messageActionId = 43
const usualEventsPerCall = 200
const dayInSeconds = 86_400

/** @param liftOf the lift of a copy; @param run makes persons unique over runs */
export async function play(
  to: Deployment,
  options: Options,
  run: string,
  liftOf: (copyId: string) => number,
  onPlayed: (done: number) => void,
): Promise<Played> {
  const books: Books = new Map()
  const faults: string[] = []
  const late: object[] = []
  const streamed: PurchaseEvent[] = []
  const filed: PurchaseEvent[] = []
  const startSeconds = Math.floor(Date.now() / 1_000) - longestAfter - 60
  let calls = 0
  let done = 0

  const tell = async (event: object, expected: string) => {
    calls += 1
    const status = await reportEvent(to, event)
    // Told once may be a duplicate too: an answer that was lost between service and table, or here, is asked for again.
    if (status !== expected && status !== 'duplicate') faults.push(`an event was ${status}, not ${expected}`)
  }
  const tellTwice = async (event: object, again: boolean) => {
    await tell(event, 'accepted')
    if (again) await tell(event, 'duplicate')
  }
  const copyFor = async (traveller: Traveller): Promise<string> => {
    const times = traveller.draw('callRetried') < chances.callRetried ? 3 : 1
    calls += times
    const ask = () => askForCopy(to, callIdOf(traveller), traveller.id)
    const [copyId = '', ...others] = await Promise.all(Array.from({ length: times }, ask))
    if (others.some((other) => other !== copyId)) faults.push('a retried call got another copy')
    return copyId
  }
  const playOne = async (person: number) => {
    const draw = drawsOf(options.seed, person)
    const isControl = draw('arm') < options.control
    const traveller = {
      id: `sim-${run}-${person}`,
      draw,
      sentAtSeconds: startSeconds - Math.floor(draw('day') * options.days * dayInSeconds),
      actionId: isControl ? to.controlActionId : messageActionId,
    }
    const copyId = isControl ? null : await copyFor(traveller)
    const story = tellStory(draw, copyId === null ? 0 : liftOf(copyId))
    const entry = entryName(isControl ? 'control' : 'treatment', copyId)
    addTo(books, entry, { served: isControl ? 0 : 1, ...story.counts })
    addTo(books, 'action', { calls: isControl ? 0 : 1 })
    if (!story.isSent) addTo(books, 'unsent', { dropped: 1 })
    const way = options.withoutFiles !== true && draw('byFile') < chances.byFile ? filed : streamed
    way.push(...purchaseEvents(traveller, story))
    const reports = reportsOf(to, traveller, story)
    const events = isControl ? reports : [callReport(to, traveller), ...reports]
    const ordered = draw('reordered') < chances.reordered ? events.toReversed() : events
    const now = draw('late') < chances.late ? ordered.slice(0, 1) : ordered
    late.push(...ordered.slice(now.length))
    for (const [at, event] of now.entries()) await tellTwice(event, draw(`again${at}`) < chances.duplicated)
    done += 1
    onPlayed(done)
  }

  await inLanes(
    Array.from({ length: options.people }, (_, person) => person),
    options.lanes,
    playOne,
  )
  await inLanes(late, options.lanes, (event) => tell(event, 'accepted'))
  calls += await sendPurchases(to, streamed, options.eventsPerCall ?? usualEventsPerCall, faults)
  const files = planFiles(filed, run)
  calls += await dropFiles(to, files, faults)
  return { books, calls, files: files.length, faults }
}

/** In calls of many, every tenth call made twice as after a lost answer. */
async function sendPurchases(
  to: Deployment,
  purchases: readonly object[],
  eventsPerCall: number,
  faults: string[],
): Promise<number> {
  let calls = 0
  for (let from = 0; from < purchases.length; from += eventsPerCall) {
    const events = purchases.slice(from, from + eventsPerCall)
    const { accepted, duplicate: known } = await sendEvents(to, events)
    if (accepted + known !== events.length) faults.push(`${accepted + known} of ${events.length} purchases were kept`)
    calls += 1
    if ((from / eventsPerCall) % 10 !== 0) continue
    const { duplicate } = await sendEvents(to, events)
    if (duplicate !== events.length) faults.push(`${duplicate} of ${events.length} purchases were known on retry`)
    calls += 1
  }
  return calls
}
