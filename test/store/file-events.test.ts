// Events of files, where the latest content of an id stands: whoever is killed, and whatever is loaded afterwards.
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultFileSource } from '../../contract/custom-event.ts'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { makeFileEventStore } from '../../lambdas/store/file-events.ts'
import { purchase } from '../support/custom-events.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { injectFaults } from '../support/sdk-faults.ts'

let database: TestDatabase
let orgs = 0
const nextOrg = () => orgSlugSchema.parse(`latest-${orgs++}`)

beforeAll(async () => {
  database = await makeTables()
})

interface Content {
  readonly value: string
  readonly user_id: string
}

const ann = { value: '1', user_id: 'ann' }
const annAgain = { value: '2', user_id: 'ann' }
const bob = { value: '3', user_id: 'bob' }
const carl = { value: '4', user_id: 'carl' }

const store = (client = database.client) => makeFileEventStore(client, database.tables.events)
const eventOf = (org: OrgSlug, content: Content) => purchase({ event_id: 'e', ...content }, org, defaultFileSource)
const keep = (org: OrgSlug, content: Content, client = database.client) =>
  store(client).keep(org, [eventOf(org, content)])
const look = async (org: OrgSlug, content: Content) => (await store().look(org, [eventOf(org, content)]))[0]

/** What stands of an org, whoever it is of: person and value of each event. */
async function standing(org: OrgSlug): Promise<string[]> {
  const { Items = [] } = await database.client.send(
    new ScanCommand({ TableName: database.tables.events, ConsistentRead: true }),
  )
  return Items.map((item) => unmarshall(item))
    .filter(({ pk, kind }) => kind === 'custom' && String(pk).startsWith(`${org}#`))
    .map(({ userId, value }) => `${userId} ${value}`)
    .toSorted()
}

const written = ({ user_id, value }: Content) => [`${user_id} ${value}`]

/** Loads a content as a function that dies: after `writes` of its writes nothing it asks for is done any more. */
async function keepAndDie(org: OrgSlug, content: Content, writes: number): Promise<'died' | 'ended'> {
  const client = localClient({ maxAttempts: 1 })
  let left = writes
  injectFaults(client, ({ command }) => {
    if (command.includes('Get')) return undefined
    return left-- > 0 ? undefined : 'down'
  })
  return keep(org, content, client).then(
    () => 'ended',
    () => 'died',
  )
}

describe('a loader that is killed between its writes, and whose file is never loaded again', () => {
  const before = [undefined, ann, bob]
  const killed = [annAgain, bob]
  const after = [ann, annAgain, bob, carl]
  const cases = before.flatMap((first) =>
    killed.flatMap((second) => after.flatMap((third) => [0, 1, 2].map((writes) => ({ first, second, third, writes })))),
  )

  test('leaves nothing wrong once other content of the id is loaded', { timeout: 60_000 }, async () => {
    const ends = await Promise.all(
      cases.map(async ({ first, second, third, writes }) => {
        const org = nextOrg()
        if (first !== undefined) await keep(org, first)
        const died = await keepAndDie(org, second, writes)
        const between = await standing(org)
        await keep(org, third)
        return { died, between, found: await standing(org), first, second, third, writes }
      }),
    )
    for (const { found, third, between, first, second, writes } of ends) {
      const told = `${JSON.stringify(first)} then ${JSON.stringify(second)} killed after ${writes} writes`
      expect(found, told).toEqual(written(third))
      // Meanwhile one of the two contents stands, or, of a new id, none.
      expect([first === undefined ? [] : written(first), written(second)], told).toContainEqual(between)
    }
    expect(ends.filter(({ died }) => died === 'died').length).toBeGreaterThan(cases.length / 3)
  })

  test('is not taken for one that loaded its row', async () => {
    const org = nextOrg()
    expect(await keepAndDie(org, ann, 1)).toBe('died')
    expect(await look(org, ann)).toBe('none')
    expect(await look(org, bob)).toBe('none')
    await keep(org, ann)
    expect(await look(org, ann)).toBe('same')
    expect(await look(org, bob)).toBe('other')
  })
})

test('a loader that is slow does not bring back what was replaced meanwhile', async () => {
  for (const later of [annAgain, bob]) {
    const org = nextOrg()
    const client = localClient({ maxAttempts: 1 })
    let writes = 0
    const reached = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (!commandName?.includes('Get') && ++writes === 2) {
            reached.resolve()
            await held.promise
          }
          return next(args)
        },
      { step: 'initialize' },
    )
    const slow = keep(org, ann, client)
    await reached.promise
    await keep(org, later)
    held.resolve()
    await slow
    // Both were loaded at once: either may be the later one, but only one of them stands.
    const found = await standing(org)
    expect([written(ann), written(later)]).toContainEqual(found)
    expect(await look(org, found.includes('ann 1') ? ann : later)).toBe('same')
  }
})

test('loaded once more, a row costs no write', async () => {
  const org = nextOrg()
  await keep(org, ann)
  const client = localClient({})
  const calls = injectFaults(client, () => undefined)
  await keep(org, ann, client)
  expect(calls.filter(({ command }) => !command.includes('Get'))).toEqual([])
})

test('an event comes back to a place that it left', async () => {
  const org = nextOrg()
  for (const content of [ann, bob, ann, annAgain, carl, ann]) {
    await keep(org, content)
    expect(await standing(org)).toEqual(written(content))
  }
})

test('of rows of one id in one call the last stands', async () => {
  const org = nextOrg()
  const events = [ann, annAgain, bob, annAgain].map((content) => eventOf(org, content))
  await store().keep(org, events)
  expect(await standing(org)).toEqual(written(annAgain))
  await store().keep(org, [...events, purchase({ value: '5' }, org, defaultFileSource)])
  expect(await standing(org)).toEqual(['ann 2', 'ann 5'])
})

test('of one id from several workers one event stands, and it is the one that the claim names', async () => {
  const org = nextOrg()
  const contents = Array.from({ length: 8 }, (_, at) => ({ value: String(at), user_id: `u${at % 3}` }))
  await Promise.all(contents.map((content) => keep(org, content)))
  const found = await standing(org)
  expect(found).toHaveLength(1)
  const winner = contents.find(({ user_id, value }) => `${user_id} ${value}` === found[0])
  expect(winner && (await look(org, winner))).toBe('same')
})
