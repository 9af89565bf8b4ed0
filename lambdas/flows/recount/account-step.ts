// The step of a recount that accounts for events: what became of each that is kept, a delivery at a time.
import type { DeliveryId, OrgSlug, PersonIdentifier, PersonKey } from '../../../contract/ids.ts'
import { recountStepMs } from '../../../contract/limits.ts'
import type { Org } from '../../../contract/org.ts'
import type { Fate, RecountRun } from '../../../contract/recounted.ts'
import {
  accountEvents,
  expectedOutcomes,
  type Kept,
  type StoredMessage,
} from '../../domain/measuring/account-events.ts'
import { isErased } from '../../domain/measuring/erase.ts'
import type { Placed } from '../../domain/measuring/place-outcomes.ts'
import { Accounts } from '../../domain/measuring/sum-accounts.ts'
import { inLanes } from '../in-lanes.ts'
import { goOn, type ScanPages } from './fold-steps.ts'

export interface AccountStepDeps {
  readonly findOrg: (org: OrgSlug) => Promise<Org | undefined>
  /** Each page ends with a whole delivery. */
  readonly keptPages: ScanPages<Kept>
  readonly readMessages: (org: OrgSlug, delivery: DeliveryId) => Promise<readonly StoredMessage[]>
  readonly readAt: (org: OrgSlug, places: readonly Placed[]) => Promise<readonly Placed[]>
  readonly readRevisions: (
    org: OrgSlug,
    persons: readonly PersonKey[],
  ) => Promise<ReadonlyMap<PersonKey, string | undefined>>
  readonly now: () => number
}

type Account = Pick<RecountRun, 'startedAtMs' | 'after' | 'days'>

/** Measured within seconds; a stream that is further behind has an alarm of its own. */
const settlingMs = 900_000
const deliveriesAtOnce = 40
const lanes = 4
/** What changes between two reads is read again; so often in a row only what is never quiet changes. */
const looks = 3

export async function accountStep(
  deps: AccountStepDeps,
  org: OrgSlug,
  run: RecountRun,
  untilMs: number,
): Promise<RecountRun> {
  const { after, days } = await accountUntil(deps, org, run, Math.min(untilMs, deps.now() + recountStepMs))
  return { ...goOn(run, after, 'over'), days }
}

/** Accounts for page after page, at least one. @returns the sums, and where to go on when the time was over */
export async function accountUntil(
  deps: AccountStepDeps,
  org: OrgSlug,
  { startedAtMs, after, days }: Account,
  endMs: number,
): Promise<Pick<Account, 'after' | 'days'>> {
  const identifier = (await deps.findOrg(org))?.personIdentifier ?? 'id'
  const accounts = new Accounts(startedAtMs, days)
  for await (const { items, end } of deps.keptPages(org, after)) {
    for (const kept of items) if (kept.kind === 'alone') accounts.add(kept.receivedAtMs, kept.fate)
    const deliveries = items.flatMap((kept) => (kept.kind === 'delivery' ? [kept.messages] : []))
    const account = async (some: readonly (readonly StoredMessage[])[]) => {
      for (const { receivedAtMs, fate } of await fatesOf(deps, org, some, identifier, startedAtMs - settlingMs)) {
        accounts.add(receivedAtMs, fate)
      }
    }
    await inLanes(inPieces(deliveries, deliveriesAtOnce), lanes, account)
    if (end !== undefined && deps.now() >= endMs) return { after: end, days: accounts.list() }
  }
  return { after: undefined, days: accounts.list() }
}

interface Fated {
  readonly receivedAtMs: number
  readonly fate: Fate
}

async function fatesOf(
  deps: AccountStepDeps,
  org: OrgSlug,
  deliveries: readonly (readonly StoredMessage[])[],
  identifier: PersonIdentifier,
  settledMs: number,
): Promise<Fated[]> {
  const expected = deliveries.map((messages) => expectedOutcomes(messages, identifier))
  const found = await deps.readAt(org, expected.flat())
  const fated: Fated[] = []
  for (const [at, messages] of deliveries.entries()) {
    const fates = join(messages, accountEvents(messages, expected[at] ?? [], found, settledMs))
    const [first] = messages
    const isOpen = first !== undefined && fates.some(({ fate }) => fate === 'unaccounted')
    fated.push(...(isOpen ? await lookAgain(deps, org, first.event.deliveryId, identifier, settledMs) : fates))
  }
  return fated
}

/** An event that came after the scan passed is counted where the scan knows nothing of it: so nobody is blamed at first sight. */
async function lookAgain(
  deps: AccountStepDeps,
  org: OrgSlug,
  delivery: DeliveryId,
  identifier: PersonIdentifier,
  settledMs: number,
): Promise<Fated[]> {
  let fated: Fated[] = []
  for (let look = 0; look < looks; look++) {
    const messages = await deps.readMessages(org, delivery)
    const expected = expectedOutcomes(messages, identifier)
    const persons = expected.map(({ person }) => person)
    const revisions = await deps.readRevisions(org, persons)
    // Events of somebody who was erased are being deleted, and their outcomes name nobody any more.
    if (persons.some((person) => isErased(revisions.get(person)))) return []
    fated = join(messages, accountEvents(messages, expected, await deps.readAt(org, expected), settledMs))
    if (fated.every(({ fate }) => fate !== 'unaccounted')) return fated
  }
  return fated
}

function join(messages: readonly StoredMessage[], fates: readonly Fate[]): Fated[] {
  return messages.map(({ receivedAtMs }, at) => ({ receivedAtMs, fate: fates[at] ?? 'unaccounted' }))
}

function inPieces<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}
