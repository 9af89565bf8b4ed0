// Short ways to make custom events in tests: rows as a customer sends them, read as the product reads them.
import { type EventSource, streamSource } from '../../contract/custom-event.ts'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { type ReadEvent, type RowContext, readCustomEvent } from '../../lambdas/domain/events/read-custom-event.ts'
import { type FileEvent, orderOf } from '../../lambdas/domain/files/row-order.ts'

export const rowContext: RowContext = {
  org: orgSlugSchema.parse('acme'),
  source: streamSource,
  identifier: 'id',
  currency: 'EUR',
  receivedAtMs: 1_795_000_000_123,
}

/** The event of a row. @throws when it is none */
export function readRow(row: object, context: Partial<RowContext> = {}): ReadEvent {
  const reading = readCustomEvent(row, { ...rowContext, ...context })
  if (!reading.ok) throw new Error(JSON.stringify(reading.reasons))
  return reading
}

/** A purchase at some second after 2026-11-18. */
export function purchase(row: object = {}, org?: OrgSlug, source?: EventSource): ReadEvent {
  const usual = { name: 'purchase', user_id: 'ann', timestamp: 1_795_000_000, value: '12.50' }
  return readRow({ ...usual, ...row }, { ...(org && { org }), ...(source && { source }) })
}

/** An event as the only row of a file. `file`: which of all files by time. */
export function fileRow(read: ReadEvent, file: number, row = 0): FileEvent {
  return { ...read, order: orderOf({ modifiedAtMs: 1_795_000_000_000 + file, importId: 'file' }, 0, row) }
}
