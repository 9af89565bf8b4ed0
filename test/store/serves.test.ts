import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { beforeEach, expect, test } from 'vitest'
import { type ServeEvent, serveEventSchema } from '../../contract/stored-event.ts'
import type { ServeName } from '../../lambdas/domain/copy/name-serve.ts'
import { makeServeStore } from '../../lambdas/store/serves.ts'
import { copyIdOf, orgOf, templateIdOf } from '../support/copy-settings.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { faultsBySeed, injectFaults } from '../support/sdk-faults.ts'

const acme = orgOf('acme')
const name: ServeName = { kind: 'delivery', id: 'RPILAgABcRhIBqSp7kiPekGBIeVh' }
const serveOf = (copyId: string): ServeEvent => ({
  kind: 'serve',
  serveId: 'sv_0123456789012345678901',
  templateId: templateIdOf('welcome_to_the_newsletter'),
  copyId: copyIdOf(copyId),
  arm: 'treatment',
  servedAtMs: 1_795_000_000_000,
  userId: '2f8f3f0e-9f56-4a53-9d0a-aaaaaaaaaaaa',
  trackingId: '7d1c1c1e-1111-4a53-9d0a-bbbbbbbbbbbb',
  choice: 'drawn',
  allocationVersion: 12,
  probability: 1 / 3,
  copyBytes: 812,
  oversize: false,
})
let database: TestDatabase
beforeEach(async () => {
  database = await makeTables()
})
const items = async () =>
  (await database.client.send(new ScanCommand({ TableName: database.tables.events }))).Items ?? []

test('the first serve under a name stands', async () => {
  const serves = makeServeStore(database.client, database.tables.events)
  expect(await serves.putOnce(acme, name, 0, serveOf('first'))).toEqual(serveOf('first'))
  expect(await serves.putOnce(acme, name, 0, serveOf('second'))).toEqual(serveOf('first'))
  expect((await items()).map((item) => serveEventSchema.parse(unmarshall(item)))).toEqual([serveOf('first')])
})

test('a serve is found under its own name and place, and no other', async () => {
  const serves = makeServeStore(database.client, database.tables.events)
  await serves.putOnce(acme, name, 1, serveOf('a'))
  const { templateId } = serveOf('a')
  expect(await serves.find(acme, name, 1, templateId)).toEqual(serveOf('a'))
  expect(await serves.find(acme, name, 0, templateId)).toBeUndefined()
  expect(await serves.find(acme, name, 1, templateIdOf('other'))).toBeUndefined()
  expect(await serves.find(acme, { ...name, kind: 'tracking' }, 1, templateId)).toBeUndefined()
  expect(await serves.find(orgOf('other'), name, 1, templateId)).toBeUndefined()
})

test('another org, kind of name, template or ordinal is another serve', async () => {
  const serves = makeServeStore(database.client, database.tables.events)
  await serves.putOnce(acme, name, 0, serveOf('a'))
  const other = { ...serveOf('b'), templateId: templateIdOf('other') }
  expect(await serves.putOnce(orgOf('other'), name, 0, serveOf('b'))).toEqual(serveOf('b'))
  expect(await serves.putOnce(acme, { ...name, kind: 'tracking' }, 0, serveOf('b'))).toEqual(serveOf('b'))
  expect(await serves.putOnce(acme, name, 1, serveOf('b'))).toEqual(serveOf('b'))
  expect(await serves.putOnce(acme, name, 0, other)).toEqual(other)
  expect(await items()).toHaveLength(5)
})

test('a serve whose answer was lost is found by the retry', async () => {
  const client = localClient({ maxAttempts: 2 })
  const calls = injectFaults(client, ({ index }) => (index === 0 ? 'lost-answer' : undefined))
  const serves = makeServeStore(client, database.tables.events)
  expect(await serves.putOnce(acme, name, 0, serveOf('a'))).toEqual(serveOf('a'))
  expect(calls).toHaveLength(2)
  expect(await items()).toHaveLength(1)
})

test('many writers under faults agree on one serve', async () => {
  const writers = Array.from({ length: 24 }, async (_, at) => {
    const client = localClient({ maxAttempts: 8 })
    injectFaults(client, faultsBySeed(at, { throttle: 0.15, 'lost-answer': 0.2, delay: 0.3 }))
    return makeServeStore(client, database.tables.events).putOnce(acme, name, 0, serveOf(`copy-${at}`))
  })
  const answers = new Set((await Promise.all(writers)).map(({ copyId }) => copyId))
  expect(answers.size).toBe(1)
  expect(await items()).toHaveLength(1)
})

test('a serve costs one write unit', async () => {
  await makeServeStore(database.client, database.tables.events).putOnce(acme, name, 0, serveOf('copy_0123456789'))
  const [item] = await items()
  const bytes = Object.entries(unmarshall(item ?? {})).reduce(
    (sum, [attribute, value]) => sum + Buffer.byteLength(attribute) + Buffer.byteLength(String(value)),
    0,
  )
  expect(bytes).toBeLessThan(600)
  expect(marshall(serveOf('a')).probability).toEqual({ N: '0.3333333333333333' })
})
