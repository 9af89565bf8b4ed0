// The short way to an event, for rows as nearly all are: flat, named by `user_id` or another identifier, nothing odd in them. It
// answers what `readCustomEvent` would, or nothing; then that one reads the row, and says what is wrong with it.
import { hash } from 'node:crypto'
import type { CustomEvent } from '../../../contract/custom-event.ts'
import { type PersonKey, personKeySchema } from '../../../contract/ids.ts'
import { toEventName } from '../events/event-name.ts'
import { digestLength, type ReadEvent, type RowContext, rowNames } from '../events/read-custom-event.ts'
import { readInstant } from '../events/read-instant.ts'
import { readDecimal } from '../measuring/money.ts'

/** What a member of a flat row may be; null is as good as absent. */
export type FlatValue = string | number | null | undefined

interface Member {
  readonly at: number
  /** The member's name as canonical JSON begins it. */
  readonly opening: string
}

/** How rows with the same members in the same order are read. */
export interface FlatShape {
  readonly names: readonly string[]
  /** In the order of canonical JSON. */
  readonly members: readonly Member[]
  readonly eventId: readonly number[]
  readonly name: readonly number[]
  readonly timestamp: readonly number[]
  readonly userId: readonly number[]
  readonly email: readonly number[]
  readonly cioId: readonly number[]
  readonly value: readonly number[]
  readonly currency: readonly number[]
  /** Members that only the long way reads, should they say anything. */
  readonly odd: readonly number[]
}

const oddNames: readonly string[] = [
  ...rowNames.org,
  ...rowNames.customerId,
  ...rowNames.deliveryId,
  ...rowNames.trackingId,
  ...rowNames.properties,
  'data',
  'identifiers',
]

/** `names`: of the members by position; an empty one is left out. Undefined for names that only the long way understands. */
export function shapeOf(names: readonly string[]): FlatShape | undefined {
  if (names.includes('__proto__')) return undefined
  const positions = (wanted: readonly string[]) => wanted.map((name) => names.indexOf(name)).filter((at) => at >= 0)
  const members = names.map((name, at) => ({ name, at })).filter(({ name }) => name !== '')
  return {
    names,
    members: members
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, at }) => ({ at, opening: `${JSON.stringify(name)}:` })),
    eventId: positions(rowNames.eventId),
    name: positions(rowNames.name),
    timestamp: positions(rowNames.timestamp),
    userId: positions(rowNames.userId),
    email: positions(rowNames.email),
    cioId: positions(rowNames.cioId),
    value: positions(rowNames.value),
    currency: positions(rowNames.currency),
    odd: positions(oddNames),
  }
}

/** Printable ASCII without white space at its ends: as it is, it is an id of an event and of a person. */
const plainText = /^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/
const plainName = /^[A-Za-z0-9_.-]{1,64}$/
const plainCurrency = /^[A-Z]{3}$/
const secondsText = /^\d{10}$/

/**
 * The event of a row, or nothing when the long way must look at it.
 * @param simple each value is printable ASCII without quotes and backslashes
 */
export function readFlatRow(
  shape: FlatShape,
  row: readonly FlatValue[],
  context: RowContext,
  simple = false,
): ReadEvent | undefined {
  for (const at of shape.odd) if (!isBlank(row[at])) return undefined
  const eventId = plain(firstOf(row, shape.eventId), simple)
  const userId = plain(firstOf(row, shape.userId), simple)
  const email = plain(firstOf(row, shape.email), simple)
  const cioId = plain(firstOf(row, shape.cioId), simple)
  const name = toName(firstOf(row, shape.name))
  const atMs = toInstant(firstOf(row, shape.timestamp), context.receivedAtMs)
  if (eventId === null || userId === null || email === null || cioId === null) return undefined
  if (name === undefined || atMs === undefined) return undefined
  const person = personOf(userId, email, cioId, context)
  const currency = firstOf(row, shape.currency)
  if (person === undefined || (currency !== undefined && !isCurrency(currency))) return undefined
  const given = firstOf(row, shape.value)
  const value = given === undefined ? undefined : readDecimal(given, currency ?? context.currency)
  if (value?.ok === false) return undefined
  const digest = digestOf(shape, row, simple)
  const event: CustomEvent = {
    kind: 'custom',
    source: context.source,
    eventId: eventId ?? digest,
    name,
    atMs,
    ...(userId !== undefined && { userId }),
    ...(email !== undefined && { email }),
    ...(cioId !== undefined && { cioId }),
    ...(value !== undefined && { value: value.decimal }),
    ...(currency !== undefined && { currency }),
    digest,
  }
  return { event, subject: { kind: 'person', person }, named: eventId !== undefined }
}

function isBlank(value: FlatValue): value is null | undefined | '' {
  return value === undefined || value === null || value === ''
}

function firstOf(row: readonly FlatValue[], positions: readonly number[]): string | number | undefined {
  for (const at of positions) {
    const value = row[at]
    if (!isBlank(value)) return value
  }
  return undefined
}

/** Null for what is not plain. */
function plain(value: string | number | undefined, simple: boolean): string | undefined | null {
  if (value === undefined) return undefined
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null
  const isPlain = simple ? value.length <= 128 && !value.startsWith(' ') && !value.endsWith(' ') : plainText.test(value)
  return isPlain ? value : null
}

function toName(value: string | number | undefined): string | undefined {
  return typeof value === 'string' && plainName.test(value) ? value : toEventName(value)
}

function toInstant(value: string | number | undefined, receivedAtMs: number): number | undefined {
  if (value === undefined) return receivedAtMs
  return readInstant(typeof value === 'string' && secondsText.test(value) ? Number(value) : value)
}

function isCurrency(value: string | number): value is string {
  return typeof value === 'string' && plainCurrency.test(value)
}

/** Whose the event is when the org's own identifier says so; other ways are the long way's. */
function personOf(
  userId: string | undefined,
  email: string | undefined,
  cioId: string | undefined,
  { identifier }: RowContext,
): PersonKey | undefined {
  const own = identifier === 'email' ? email : identifier === 'cio_id' ? cioId : undefined
  const named = own ?? userId
  if (named === undefined) return undefined
  const key = `${identifier}:${identifier === 'email' ? named.toLowerCase() : named}`
  return isPersonKey(key) ? key : undefined
}

/** What is plain and not empty fits the schema; tests hold this against it. */
function isPersonKey(key: string): key is PersonKey {
  return key.length < 600 || personKeySchema.safeParse(key).success
}

/** Of the canonical JSON of what the row says. */
function digestOf({ members }: FlatShape, row: readonly FlatValue[], simple: boolean): string {
  let text = '{'
  for (const { at, opening } of members) {
    const value = row[at]
    if (isBlank(value)) continue
    text += text.length === 1 ? opening : `,${opening}`
    text += simple && typeof value === 'string' ? `"${value}"` : JSON.stringify(value)
  }
  return hash('sha256', `${text}}`, 'base64url').slice(0, digestLength)
}
