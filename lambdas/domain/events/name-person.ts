// Who a person is: the identifier an org joins on, and what stands in for it.
import { createHash } from 'node:crypto'
import { type DeliveryId, type PersonIdentifier, type PersonKey, personKeySchema } from '../../../contract/ids.ts'

export interface Identifiers {
  readonly id?: string | undefined
  readonly email?: string | undefined
  readonly cioId?: string | undefined
}

/** Longer names are kept by digest: a partition key holds 2,048 bytes. Customer.io itself allows 150. */
const maxNameLength = 256

const fallbackOrder = ['id', 'cio_id', 'email'] as const

/** The person that identifiers name: the org's own identifier, else the next of id, cio_id, email; kept with its kind. */
export function namePerson(identifiers: Identifiers, preferred: PersonIdentifier): PersonKey | undefined {
  for (const kind of [preferred, ...fallbackOrder]) {
    const person = personOfKind(kind, identifiers[kind === 'cio_id' ? 'cioId' : kind])
    if (person !== undefined) return person
  }
  return undefined
}

/** The person that a caller of `generate` names: by the identifier the org joins on. */
export function nameServedPerson(userId: string | undefined, preferred: PersonIdentifier): PersonKey | undefined {
  return personOfKind(preferred, userId)
}

/** The person of a custom event: the org's own identifier, else `user_id`, which is taken for it, else the next one. */
export function nameEventPerson(
  { userId, ...identifiers }: Identifiers & { readonly userId?: string | undefined },
  preferred: PersonIdentifier,
): PersonKey | undefined {
  const member = preferred === 'cio_id' ? 'cioId' : preferred
  return namePerson({ ...identifiers, [member]: identifiers[member] || userId }, preferred)
}

/** A person as a caller names them, `id:42`; undefined for anything else. E-mail addresses are read as events' are. */
export function readPersonKey(text: string): PersonKey | undefined {
  const [, kind, name] = /^(id|email|cio_id|delivery):(.+)$/s.exec(text) ?? []
  if (name === undefined || !name.isWellFormed()) return undefined
  if (kind === 'id' || kind === 'email' || kind === 'cio_id') return personOfKind(kind, name)
  const parsed = personKeySchema.safeParse(text)
  return parsed.success ? parsed.data : undefined
}

/** Stands in for the person of a delivery that names nobody, so that strangers are never taken for one person. */
export function nameUnknownPerson(subjectId: DeliveryId | string): PersonKey {
  return personKeySchema.parse(`delivery:${subjectId}`)
}

function personOfKind(kind: PersonIdentifier, value: string | undefined): PersonKey | undefined {
  const text = kind === 'email' ? value?.trim().toLowerCase() : value
  if (text === undefined || text === '') return undefined
  return personKeySchema.parse(`${kind}:${text.length > maxNameLength ? digestOf(text) : text}`)
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64url')}`
}
