// A delivery as Standard Webhooks signs it (https://www.standardwebhooks.com): what is sent, the headers that prove it, and
// when it is tried again.
import { createHmac } from 'node:crypto'
import type { Alert, Attempt, Delivery, Destination } from '../../../contract/alert.ts'
import type { AlertBody } from '../../../contract/alert-answers.ts'
import { secretOverlapMs } from '../../../contract/limits.ts'

const secretMark = 'whsec_'

/** A new secret: 32 random bytes. */
export function mintSecret(randomBytes: (count: number) => Uint8Array): string {
  return `${secretMark}${Buffer.from(randomBytes(32)).toString('base64')}`
}

/** `v1,` and the HMAC-SHA256 of id, second and body, in base64; of several secrets one after another, as the scheme has it. */
export function signatureHeaders(
  secrets: readonly string[],
  id: string,
  atMs: number,
  body: string,
): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(secretMark.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/** Until when the secret before the current one signs along; undefined when there is none, or no longer. */
export function previousUntil({ rotatedAtMs }: Destination, nowMs: number): number | undefined {
  const untilMs = rotatedAtMs === undefined ? 0 : rotatedAtMs + secretOverlapMs
  return nowMs < untilMs ? untilMs : undefined
}

/** The delivery of an alert to one destination. The same firing has the same id there. */
export function makeDelivery(org: string, destination: Destination, alert: Alert, firedAtMs: number): Delivery {
  const { id: alertId, kind, templateId = null, copyId = null, message } = alert
  const data = { org, alert_id: alertId, template_id: templateId, copy_id: copyId, message }
  return delivery(destination, kind, firedAtMs, data, alertId)
}

/** What somebody asks for who wants to see one arrive. */
export function makeTest(org: string, destination: Destination, atMs: number): Delivery {
  const message = 'A test, sent because somebody asked for it.'
  return delivery(destination, 'test', atMs, { org, alert_id: null, template_id: null, copy_id: null, message })
}

function delivery(
  { id: destinationId }: Destination,
  kind: Delivery['kind'],
  atMs: number,
  data: AlertBody['data'],
  alertId?: string,
): Delivery {
  const body: AlertBody = { type: `alert.${kind}`, timestamp: new Date(atMs).toISOString(), data }
  return {
    id: `${String(atMs).padStart(13, '0')}-${destinationId}-${alertId ?? 'test'}`,
    destinationId,
    kind,
    ...(alertId !== undefined && { alertId }),
    createdAtMs: atMs,
    body: JSON.stringify(body),
    state: 'waiting',
    attempts: [],
    nextAtMs: atMs,
  }
}

/** Waits before the second try and those that follow, as the scheme advises: over a day in all. */
const waitsMs = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000] as const

/** The delivery after a try. What was tried as often as there are waits, and once more, has failed. */
export function afterAttempt(before: Delivery, attempt: Attempt): Delivery {
  const attempts = [...before.attempts, attempt]
  if (attempt.problem === undefined) return { ...before, attempts, state: 'delivered' }
  const waitMs = waitsMs[attempts.length - 1]
  if (waitMs === undefined) return { ...before, attempts, state: 'failed' }
  return { ...before, attempts, state: 'waiting', nextAtMs: attempt.atMs + waitMs }
}
