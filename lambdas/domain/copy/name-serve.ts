// What names a serve: the same name, template and ordinal is the same serve, however often it is asked for.
import { createHash } from 'node:crypto'
import { deliveryIdSchema, type OrgSlug, type TemplateId } from '../../../contract/ids.ts'
import type { CopyCall, CopyRequest } from './normalise-generate.ts'

/** `unnamed`: nothing did, so every call is a serve of its own. */
export interface ServeName {
  readonly kind: 'delivery' | 'idempotency' | 'tracking' | 'unnamed'
  readonly id: string
}

export interface NamedRequest extends CopyRequest {
  readonly name: ServeName
  /** Counts the requests of one call that have the same name and template, from 0. */
  readonly ordinal: number
}

/** A call whose requests have names. */
export interface NamedCall extends CopyCall {
  /** Whether the answer is a list. */
  readonly batch: boolean
  readonly requests: readonly NamedRequest[]
}

/** Names are part of keys whose bytes are limited; longer ones, and unprintable ones, go by their digest. */
const plainName = /^[\x21-\x7e]{1,256}$/

/** Names the requests of one call: by Customer.io's delivery, else its idempotency key, else their own tracking id. */
export function nameServes(
  headers: Readonly<Record<string, string | undefined>>,
  requests: readonly CopyRequest[],
  randomId: () => string,
): NamedRequest[] {
  const ofCall = nameOfCall(headers)
  const seen = new Map<string, number>()
  return requests.map((request) => {
    const { templateId, trackingId } = request
    const name = ofCall ?? (trackingId ? nameTracking(trackingId) : nameAs('unnamed', randomId()))
    const place = JSON.stringify([name.kind, name.id, templateId])
    const ordinal = seen.get(place) ?? 0
    seen.set(place, ordinal + 1)
    return { ...request, name, ordinal }
  })
}

/** The name of a serve that a tracking id gave. */
export function nameTracking(trackingId: string): ServeName {
  return nameAs('tracking', trackingId)
}

/** The id of a serve, the same for the same name; for an unnamed one as random as its name. */
export function serveIdOf(org: OrgSlug, name: ServeName, templateId: TemplateId, ordinal: number): string {
  const parts = JSON.stringify([org, name.kind, name.id, templateId, ordinal])
  return `sv_${createHash('sha256').update(parts).digest('base64url').slice(0, 22)}`
}

function nameOfCall(headers: Readonly<Record<string, string | undefined>>): ServeName | undefined {
  const delivery = headers['x-cio-delivery-id']?.trim()
  const key = headers['x-cio-idempotency-key']?.trim()
  if (delivery && deliveryIdSchema.safeParse(delivery).success) return { kind: 'delivery', id: delivery }
  // A delivery id that no reporting event could carry still names the call.
  if (delivery) return nameAs('idempotency', delivery)
  return key ? nameAs('idempotency', key) : undefined
}

function nameAs(kind: ServeName['kind'], id: string): ServeName {
  if (plainName.test(id)) return { kind, id }
  return { kind, id: `sha256-${createHash('sha256').update(id).digest('base64url')}` }
}
