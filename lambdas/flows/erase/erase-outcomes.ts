// Erases outcomes and events: under the name asked for, and then under each other name that those events had. Outcomes go
// last: they alone say where the events are.
import type { OrgSlug, PersonKey } from '../../../contract/ids.ts'
import { maxErasedAtOnce, maxErasedNames } from '../../../contract/limits.ts'
import { nameOf, namesIn } from '../../domain/measuring/erase.ts'
import type { Stored } from '../../domain/measuring/plan-measurement.ts'
import { inLanes } from '../in-lanes.ts'
import { advance, count, type EraseDeps, eraseLanes, type Step, type Stepped, type Subject } from './erase-deps.ts'

/** One part under the name asked for. The other names are kept before the events that tell them are gone. */
export async function eraseOwn(deps: EraseDeps, { org, erasure, save }: Step): Promise<Stepped> {
  const [person] = erasure.names
  if (person === undefined) return { erasure: advance(erasure, 'others') }
  const stored = await deps.readPerson(org, person, maxErasedAtOnce + 1)
  const part = stored.slice(0, maxErasedAtOnce)
  const subjects = subjectsOf(part)
  const events = await inLanes(subjects, eraseLanes, (subject) => deps.readEvents(org, subject))
  const found = [...new Set(events.flatMap(namesIn))].filter((name) => !erasure.names.includes(name))
  await inLanes(found, eraseLanes, (name) => deps.markErased(org, name))
  const others = found.filter((name) => nameOf(name) !== undefined)
  const names = [...erasure.names, ...others].slice(0, maxErasedNames)
  const known = names.length > erasure.names.length
  const kept = known ? await save({ ...erasure, names, left: [...erasure.left, ...others] }) : erasure
  // What stands under the delivery's own name came without any identifier: too little to come back to.
  const nameless = found.filter((name) => nameOf(name) === undefined)
  const removed = [
    ...(await inLanes(nameless, eraseLanes, (name) => eraseName(deps, org, name))),
    await erasePart(deps, org, person, part, subjects),
  ]
  const sums = { outcomes: sum(removed, 'outcomes'), events: sum(removed, 'events') }
  const rest = stored.length > part.length || removed.some(({ rest }) => rest)
  return { erasure: rest ? count(kept, sums) : advance(kept, 'others', sums) }
}

/** One part under some of the other names. */
export async function eraseOthers(deps: EraseDeps, { org, erasure }: Step): Promise<Stepped> {
  const now = erasure.left.slice(0, eraseLanes)
  const removed = await inLanes(now, eraseLanes, (name) => eraseName(deps, org, name))
  const rest = new Set(removed.flatMap(({ rest, person }) => (rest ? [person] : [])))
  const left = erasure.left.filter((name) => !now.includes(name) || rest.has(name))
  const after = { ...erasure, left }
  const sums = { outcomes: sum(removed, 'outcomes'), events: sum(removed, 'events') }
  return { erasure: left.length > 0 ? count(after, sums) : advance(after, 'aside', sums) }
}

interface Removed {
  readonly person: PersonKey
  readonly outcomes: number
  readonly events: number
  /** More is left under this name. */
  readonly rest: boolean
}

async function eraseName(deps: EraseDeps, org: OrgSlug, person: PersonKey): Promise<Removed> {
  const stored = await deps.readPerson(org, person, maxErasedAtOnce + 1)
  const part = stored.slice(0, maxErasedAtOnce)
  const removed = await erasePart(deps, org, person, part, subjectsOf(part))
  return { ...removed, rest: removed.rest || stored.length > part.length }
}

async function erasePart(
  deps: EraseDeps,
  org: OrgSlug,
  person: PersonKey,
  part: readonly Stored[],
  subjects: readonly Subject[],
): Promise<Removed> {
  const all = [{ kind: 'person', id: person } as const, ...subjects]
  const events = await inLanes(all, eraseLanes, (subject) => deps.forgetSubject(org, subject))
  const done = await deps.anonymiseOutcomes(org, part)
  const total = events.reduce((total, each) => total + each, 0)
  return { person, outcomes: done === 'done' ? part.length : 0, events: total, rest: done === 'raced' }
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

function sum(removed: readonly Removed[], what: 'outcomes' | 'events'): number {
  return removed.reduce((total, each) => total + each[what], 0)
}
