// Events of files, where the latest content of an id stands: whoever is killed, and whatever is loaded afterwards.
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultFileSource } from '../../contract/custom-event.ts'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { makeFileEventStore } from '../../lambdas/store/file-events.ts'
import { fileRow, purchase, readRow } from '../support/custom-events.ts'
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
/** Each call is of a later file than those before. */
let files = 0
const keep = (org: OrgSlug, content: Content, client = database.client, file = files++) =>
  store(client).keep(org, [fileRow(eventOf(org, content), file)])
const look = async (org: OrgSlug, content: Content, file = files) =>
  (await store().look(org, [fileRow(eventOf(org, content), file)]))[0]

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
async function keepAndDie(org: OrgSlug, content: Content, writes: number, file = files++): Promise<'died' | 'ended'> {
  const client = localClient({ maxAttempts: 1 })
  let left = writes
  injectFaults(client, ({ command }) => {
    if (command.includes('Get')) return undefined
    return left-- > 0 ? undefined : 'down'
  })
  return keep(org, content, client, file).then(
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
    expect(await standing(org)).toEqual(written(later))
    expect(await look(org, later)).toBe('same')
  }
})

/** Writes that a row costs. */
async function writesOf(org: OrgSlug, content: Content, file: number): Promise<string[]> {
  const client = localClient({})
  const calls = injectFaults(client, () => undefined)
  await keep(org, content, client, file)
  return calls.map(({ command }) => command).filter((command) => !command.includes('Get'))
}

test('loaded once more a row costs no write; in a later file, one, which says that it is later', async () => {
  const org = nextOrg()
  await keep(org, ann, database.client, 5)
  expect(await writesOf(org, ann, 5)).toEqual([])
  expect(await writesOf(org, ann, 4)).toEqual([])
  expect(await writesOf(org, ann, 7)).toEqual(['PutItemCommand'])
  expect(await writesOf(org, bob, 6)).toEqual([])
  expect(await standing(org)).toEqual(written(ann))
})

describe('files that are loaded in another order than they were written in', () => {
  const contents = [ann, annAgain, bob, carl]
  const file = fc.record({ content: fc.constantFrom(...contents), kill: fc.option(fc.nat(2), { nil: undefined }) })
  const script = fc
    .array(file, { minLength: 2, maxLength: 5 })
    .chain((all) => fc.record({ all: fc.constant(all), order: shuffled(all.length) }))

  /** Every file twice: to be killed, where it is, and to be loaded. */
  function shuffled(count: number) {
    const twice = Array.from({ length: count * 2 }, (_, at) => at % count)
    return fc.shuffledSubarray(twice, { minLength: twice.length, maxLength: twice.length })
  }

  test('leave what the latest says, killed loaders or not', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(script, async ({ all, order }) => {
        const org = nextOrg()
        const seen = new Set<number>()
        for (const at of order) {
          const { content, kill } = all[at] ?? { content: ann, kill: 0 }
          if (seen.has(at) || kill === undefined) await keep(org, content, database.client, at)
          else await keepAndDie(org, content, kill, at)
          seen.add(at)
        }
        const last = all.at(-1)?.content ?? ann
        expect(await standing(org)).toEqual(written(last))
        expect(await look(org, last)).toBe('same')
      }),
      { numRuns: 60 },
    )
  })

  test('at once leave what the latest says', async () => {
    for (const turn of [0, 1, 2, 3, 4]) {
      const org = nextOrg()
      const rows = Array.from({ length: 8 }, (_, at) => ({ value: String(at), user_id: `u${at % 3}` }))
      await Promise.all(rows.map((content, at) => keep(org, content, localClient({}), (at * 3 + turn) % 8)))
      const latest = rows.findIndex((_, at) => (at * 3 + turn) % 8 === 7)
      expect(await standing(org)).toEqual(written(rows[latest] ?? ann))
    }
  })

  test('say of a row that a later file has outdone that nothing changed', async () => {
    const org = nextOrg()
    await keep(org, bob, database.client, 2)
    expect(await look(org, ann, 1)).toBe('same')
    await keep(org, ann, database.client, 1)
    expect(await standing(org)).toEqual(written(bob))
    expect(await look(org, ann, 3)).toBe('other')
  })

  test('outdo a claim from before claims said whose row it is', async () => {
    const org = nextOrg()
    await keep(org, bob, database.client, 2)
    const pages = await database.client.send(new ScanCommand({ TableName: database.tables.events }))
    const claim = (pages.Items ?? []).find(({ kind, pk }) => kind?.S === 'claim' && pk?.S?.startsWith(`${org}#`))
    const { order, ...old } = claim ?? {}
    expect(order?.S).toMatch(/file/)
    await database.client.send(new PutItemCommand({ TableName: database.tables.events, Item: old }))
    await keep(org, ann, database.client, 1)
    expect(await standing(org)).toEqual(written(ann))
  })

  test('give a row without a time that of the first of them that says it', async () => {
    for (const order of [
      [1, 2],
      [2, 1],
    ]) {
      const org = nextOrg()
      for (const file of order) {
        const read = readRow(
          { name: 'purchase', event_id: 'e', user_id: 'ann' },
          { org, source: defaultFileSource, receivedAtMs: 1_795_000_000_000 + file },
        )
        await store().keep(org, [fileRow(read, file)])
      }
      const { Items = [] } = await database.client.send(new ScanCommand({ TableName: database.tables.events }))
      const times = Items.filter(({ pk }) => pk?.S?.startsWith(`${org}#`)).map(({ atMs }) => atMs?.N)
      expect(times).toEqual(Array(2).fill('1795000000001'))
    }
  })
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
  const events = [ann, annAgain, bob, annAgain].map((content, row) => fileRow(eventOf(org, content), 0, row))
  await store().keep(org, events.toReversed())
  expect(await standing(org)).toEqual(written(annAgain))
  await store().keep(org, [...events, fileRow(purchase({ value: '5' }, org, defaultFileSource), 0, 4)])
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
