// What is left of a person who asked to be forgotten: outcomes that count as before and name nobody, and a mark that keeps
// whatever comes late from being measured.

import { type DeliveryId, deliveryIdSchema, type PersonKey } from '../../../contract/ids.ts'
import type { Outcome } from '../../../contract/outcome.ts'
import type { Identifiers } from '../events/name-person.ts'
import { namePerson, nameUnknownPerson } from '../events/name-person.ts'
import type { Placed, SubjectEvents } from './place-outcomes.ts'

const dayMs = 86_400_000
const erasedMark = 'erased-'

/** A revision that says: this person was erased. `mark` makes it differ from every other. */
export function erasedRevision(mark: string): string {
  return `${erasedMark}${mark}`
}

export function isErased(revision: string | undefined): boolean {
  return revision?.startsWith(erasedMark) === true
}

/**
 * The same contribution to the same cells, under a name that was never anybody's: of the instant the day is left, of the
 * ids none. Undefined for what counts nothing.
 */
export function anonymise({ atMs, outcome }: Placed, mark: string): Placed | undefined {
  if (outcome.kind === 'serve' && !outcome.counted) return undefined
  const id = deliveryIdSchema.parse(`${erasedMark}${mark}`)
  return {
    person: nameUnknownPerson(id),
    atMs: atMs - (atMs % dayMs),
    subject: `${outcome.kind}:${id}`,
    outcome: withoutIds(outcome, id),
  }
}

/** An outcome that stands for one of somebody who was erased. */
export function isNameless({ subject, outcome }: Placed): boolean {
  return subject.startsWith(`${outcome.kind}:${erasedMark}`)
}

function withoutIds(outcome: Outcome, id: DeliveryId): Outcome {
  if (outcome.kind === 'serve') {
    const {
      journeyId: _journey,
      heldBy: _held,
      trackingId: _tracking,
      pinned: _pinned,
      more: _more,
      ...facts
    } = outcome
    return { ...facts, serveId: id }
  }
  if (outcome.kind === 'send') {
    const { journeyId: _journey, pinned: _pinned, more: _more, ...facts } = outcome
    return { ...facts, deliveryId: id }
  }
  const { journeyId: _journey, ...facts } = outcome
  return { ...facts, deliveryId: id }
}

/** Every name under which these events could place something, or something that comes late. */
export function namesIn({ subjectId, messages, serves }: SubjectEvents): PersonKey[] {
  const named = [...messages.map(({ identifiers }) => identifiers), ...serves.map(({ userId }) => asEach(userId))]
  const persons = named
    .flatMap(({ id, email, cioId }) => [{ id }, { email }, { cioId }])
    .flatMap((one) => namePerson(one, 'id') ?? [])
  return [...new Set([...persons, nameUnknownPerson(subjectId)])]
}

/** A caller of `generate` names a person without saying of which kind the name is. */
function asEach(userId: string | undefined): Identifiers {
  return { id: userId, email: userId, cioId: userId }
}

/** How texts name a person, in lower case; undefined for one whom no text names. */
export function nameOf(person: PersonKey): string | undefined {
  const at = person.indexOf(':')
  const name = person.slice(at + 1).toLowerCase()
  return person.slice(0, at) === 'delivery' || name === '' ? undefined : name
}

/** Whether a body's text holds one of the names: as a JSON text, as a JSON number, or, when it is long, as a word anywhere. */
export function mentions(text: string, persons: readonly PersonKey[]): boolean {
  // Writers of JSON may escape any character of a name.
  const plain = text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const lower = `${text}\n${plain.replaceAll('\\/', '/')}`.toLowerCase()
  return persons.some((person) => {
    const name = nameOf(person)
    if (name === undefined) return false
    if (lower.includes(JSON.stringify(name))) return true
    const word = name.replaceAll(/[^\w]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`)
    if (/^\d+$/.test(name)) return new RegExp(`[:\\[,\\s]${name}(?![\\d.])`).test(lower)
    return name.length >= shortestWord && new RegExp(`(?<![\\w.@-])${word}(?![\\w@-])`, 'u').test(lower)
  })
}

/** Shorter names are words of ordinary text. */
const shortestWord = 6
