// Has a person forgotten. First a mark by hash, which keeps what comes late from being measured; then their events, then
// their outcomes, which leave nameless ones that count the same; then what was set aside. Repeating it goes on where it ended.
import { createHash } from 'node:crypto'
import type { AuditEntry } from '../../../contract/audit.ts'
import type { OrgSlug, PersonKey } from '../../../contract/ids.ts'
import { maxErasedAtOnce, pageSize } from '../../../contract/limits.ts'
import { mentions, namesIn } from '../../domain/erase.ts'
import { Fault } from '../../domain/fault.ts'
import type { SubjectRef } from '../../domain/group-subjects.ts'
import { readPersonKey } from '../../domain/name-person.ts'
import type { SubjectEvents } from '../../domain/place-outcomes.ts'
import type { Stored } from '../../domain/plan-measurement.ts'
import { isQuarantineMark } from '../../domain/quarantine-mark.ts'
import type { Action, Call } from './call.ts'
import type { QuarantineDeps } from './quarantine.ts'

type Subject = Pick<SubjectRef, 'kind' | 'id'>

export interface EraseDeps {
  readonly readPerson: (org: OrgSlug, person: PersonKey) => Promise<readonly Stored[]>
  readonly readEvents: (org: OrgSlug, subject: Subject) => Promise<SubjectEvents>
  readonly markErased: (org: OrgSlug, person: PersonKey) => Promise<void>
  readonly anonymiseOutcomes: (org: OrgSlug, stored: readonly Stored[]) => Promise<'done' | 'raced'>
  readonly forgetSubject: (org: OrgSlug, subject: Subject) => Promise<number>
  readonly quarantine: QuarantineDeps['quarantine']
  readonly addAudit: (org: OrgSlug, entry: AuditEntry) => Promise<void>
  readonly now: () => number
}

export function erasePerson(deps: EraseDeps): Action {
  return async (call) => {
    const person = readPersonKey(call.path.person ?? '')
    if (person === undefined) throw new Fault('person.malformed')
    const { next } = call.query
    if (next !== undefined && !isQuarantineMark(next)) {
      throw new Fault('query.invalid', [{ path: 'next', message: 'Allowed: what the answer before named as `next`.' }])
    }
    const own = await eraseOutcomes(deps, call.org, person, true)
    const others = []
    for (const name of own.names) if (name !== person) others.push(await eraseOutcomes(deps, call.org, name, false))
    const aside = await eraseSetAside(deps, call, [person, ...own.names])
    const every = [own, ...others]
    const erased = {
      outcomes: every.reduce((sum, { outcomes }) => sum + outcomes, 0),
      events: every.reduce((sum, { events }) => sum + events, 0),
      set_aside: aside.count,
    }
    await deps.addAudit(call.org, {
      atMs: deps.now(),
      who: call.who,
      action: call.action,
      what: `person:${createHash('sha256').update(`${call.org}#${person}`).digest('base64url').slice(0, 16)}`,
      before: null,
      after: erased,
    })
    const complete = every.every(({ rest }) => !rest) && aside.next === undefined
    return { body: { erased, complete, next: aside.next ?? null } }
  }
}

interface Erased {
  readonly outcomes: number
  readonly events: number
  /** More is left of this person. */
  readonly rest: boolean
  /** By which other names the events knew the person. */
  readonly names: ReadonlySet<PersonKey>
}

/** Outcomes go last: they alone say where the events are. */
async function eraseOutcomes(deps: EraseDeps, org: OrgSlug, person: PersonKey, follow: boolean): Promise<Erased> {
  await deps.markErased(org, person)
  const stored = await deps.readPerson(org, person)
  const part = stored.slice(0, maxErasedAtOnce)
  const subjects = subjectsOf(part)
  const names = new Set<PersonKey>()
  for (const subject of subjects) for (const name of namesIn(await deps.readEvents(org, subject))) names.add(name)
  for (const name of names) await deps.markErased(org, name)
  let events = await deps.forgetSubject(org, { kind: 'person', id: person })
  for (const subject of subjects) events += await deps.forgetSubject(org, subject)
  const done = await deps.anonymiseOutcomes(org, part)
  const rest = done === 'raced' || stored.length > part.length
  return { outcomes: part.length, events, rest, names: follow ? names : new Set() }
}

/** Where the events of some outcomes stand, each place once. */
function subjectsOf(stored: readonly Stored[]): Subject[] {
  const places = stored.flatMap(({ outcome }): [string, Subject][] => {
    if (outcome.kind !== 'serve')
      return [[`delivery:${outcome.deliveryId}`, { kind: 'delivery', id: outcome.deliveryId }]]
    const [, kind, id] = /^(delivery|name):(.+)$/s.exec(outcome.heldBy ?? '') ?? []
    if (id === undefined) return []
    return [[`${kind}:${id}`, { kind: kind === 'delivery' ? 'delivery' : 'name', id }]]
  })
  return [...new Map(places).values()]
}

/** One page of what was set aside: bodies that mention the person are taken out. */
async function eraseSetAside({ quarantine }: EraseDeps, { org, query }: Call, names: readonly PersonKey[]) {
  const { bodies, next } = await quarantine.list(org, pageSize, query.next)
  let count = 0
  for (const { digest } of bodies) {
    const found = await quarantine.find(org, digest)
    if (found === undefined || !mentions(Buffer.from(found.bytes).toString('utf8'), names)) continue
    await quarantine.remove(org, digest)
    count++
  }
  return { count, next }
}
