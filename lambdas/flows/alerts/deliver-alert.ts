// One try of one delivery. A success ends it; a failure puts it off, longer each time; after the last it is left to the queue of
// dead letters, from where it may be sent once more.
import type { Attempt, Delivery, DeliveryMessage, Destination } from '../../../contract/alert.ts'
import type { OrgSlug } from '../../../contract/ids.ts'
import { readDestination } from '../../domain/alerts/public-address.ts'
import { afterAttempt, previousUntil, signatureHeaders } from '../../domain/alerts/sign-delivery.ts'

export interface DeliverAlertDeps {
  readonly findDelivery: (org: OrgSlug, id: string) => Promise<Delivery | undefined>
  readonly saveDelivery: (org: OrgSlug, before: Delivery, after: Delivery) => Promise<boolean>
  readonly readAlerts: (org: OrgSlug) => Promise<{ readonly destinations: readonly Destination[] }>
  readonly findSecret: (
    org: OrgSlug,
    destinationId: string,
    which: 'current' | 'previous',
  ) => Promise<string | undefined>
  readonly post: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
  ) => Promise<{ readonly status: number } | { readonly problem: string }>
  readonly isTestHost: (host: string) => boolean
  /** To the queue that this was called by, hidden for a while. */
  readonly sendLater: (message: DeliveryMessage, waitMs: number) => Promise<void>
  readonly bury: (message: DeliveryMessage) => Promise<void>
  readonly now: () => number
}

export type Delivered = Delivery['state'] | 'gone' | 'early'

export async function deliverAlert(deps: DeliverAlertDeps, org: OrgSlug, id: string): Promise<Delivered> {
  const found = await deps.findDelivery(org, id)
  if (found === undefined || found.state === 'delivered') return 'gone'
  const earlyMs = found.nextAtMs - deps.now()
  if (found.state === 'waiting' && earlyMs > 0) {
    await deps.sendLater({ org, id }, earlyMs)
    return 'early'
  }
  const attempt = await tryOnce(deps, org, found)
  const after = attempt === undefined ? endOf(found, deps.now()) : afterAttempt(found, attempt)
  if (!(await deps.saveDelivery(org, found, after))) return 'gone'
  if (after.state === 'waiting') await deps.sendLater({ org, id }, after.nextAtMs - deps.now())
  if (after.state === 'failed' && attempt !== undefined) await deps.bury({ org, id })
  return after.state
}

/** Undefined when there is nobody to send it to any more. */
async function tryOnce(deps: DeliverAlertDeps, org: OrgSlug, delivery: Delivery): Promise<Attempt | undefined> {
  const { destinations } = await deps.readAlerts(org)
  const destination = destinations.find((one) => one.id === delivery.destinationId)
  const secret = destination && (await deps.findSecret(org, destination.id, 'current'))
  if (destination === undefined || secret === undefined) return undefined
  const atMs = deps.now()
  const isReplaced = previousUntil(destination, atMs) !== undefined
  const previous = isReplaced ? await deps.findSecret(org, destination.id, 'previous') : undefined
  const read = readDestination(destination.url, deps.isTestHost)
  if (!read.ok) return { atMs, problem: `refused: ${read.reason}` }
  const headers = signatureHeaders(
    [secret, ...(previous === undefined ? [] : [previous])],
    delivery.id,
    atMs,
    delivery.body,
  )
  const posted = await deps.post(read.url, headers, delivery.body)
  if ('problem' in posted) return { atMs, problem: posted.problem }
  const { status } = posted
  if (status >= 200 && status < 300) return { atMs, status }
  return { atMs, status, problem: status >= 300 && status < 400 ? 'redirects are not followed' : `answered ${status}` }
}

function endOf(delivery: Delivery, atMs: number): Delivery {
  const problem = 'the destination was deleted'
  return { ...delivery, attempts: [...delivery.attempts, { atMs, problem }], state: 'failed' }
}
