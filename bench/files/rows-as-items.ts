// A typical row as the items that its loading writes.
import { marshall } from '@aws-sdk/util-dynamodb'
import { defaultFileSource } from '../../contract/custom-event.ts'
import { orgSlugSchema } from '../../contract/ids.ts'
import { readCustomEvent } from '../../lambdas/domain/events/read-custom-event.ts'
import { toCustomItem } from '../../lambdas/store/custom-item.ts'
import { customEventPartition, customEventSort, eventClaimKey } from '../../lambdas/store/event-keys.ts'
import type { Item } from '../units/item-size.ts'

const org = orgSlugSchema.parse('acme')
const context = { org, source: defaultFileSource, identifier: 'id', currency: 'USD', receivedAtMs: 0 } as const
const row = {
  name: 'purchase',
  user_id: 'customer-1234567',
  timestamp: 1_795_000_000,
  value: '12.50',
  currency: 'USD',
  properties: { item: 'SKU-977', quantity: 2, category: 'kitchen' },
}

/** `named`: with an id of its own, which a claim holds. */
export function readRow(named: boolean): { readonly event: Item; readonly claim: Item | undefined } {
  const reading = readCustomEvent({ ...row, ...(named && { event_id: 'order-123456789' }) }, context)
  if (!reading.ok) throw new Error('the row is no event')
  const { event, subject } = reading
  const pk = customEventPartition(org, subject)
  const key = { pk, sk: customEventSort(event.source, event.eventId, named) }
  const { digest, atMs } = event
  const claim = { ...eventClaimKey(org, event.source, event.eventId), kind: 'claim', at: pk, atMs, digest }
  return {
    event: toCustomItem(key, event),
    claim: named ? marshall({ ...claim, revision: '0123456789abc' }) : undefined,
  }
}
