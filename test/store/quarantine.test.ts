import { randomBytes } from 'node:crypto'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { orgSlugSchema } from '../../contract/ids.ts'
import { digestOf, makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { injectFaults } from '../support/sdk-faults.ts'

const org = orgSlugSchema.parse('acme')
const { signal } = new AbortController()
const reasons = [{ code: 'body.not_json', message: 'body: seen 3 bytes; allowed a JSON object' } as const]
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
})

const quarantine = () => makeQuarantine(database.client, database.tables.events)

async function items(): Promise<number> {
  return (
    (await database.client.send(new ScanCommand({ TableName: database.tables.events, Select: 'COUNT' }))).Count ?? 0
  )
}

describe('a body set aside comes back byte for byte', () => {
  test.each([
    ['empty', Buffer.alloc(0)],
    ['of a few bytes that are no text', Buffer.from([0, 255, 13, 10, 0xc3])],
    ['that fits beside its reasons', randomBytes(16_000)],
    ['that needs a part', randomBytes(17_000)],
    ['that fills a part', randomBytes(389_000)],
    ['as large as a function can be given', randomBytes(6 * 1_048_576)],
    ['large but repetitive', Buffer.alloc(6 * 1_048_576, 'x')],
  ])('%s', async (_name, bytes) => {
    const digest = await quarantine().setAside(org, bytes, reasons, 5, signal)
    expect(digest).toBe(digestOf(bytes))
    const found = await quarantine().find(org, digest)
    expect(found).toMatchObject({ digest, reasons, receivedAtMs: 5, bodyBytes: bytes.byteLength })
    expect(found && Buffer.compare(found.bytes, bytes)).toBe(0)
  })
})

test('the same body again is the same item, with the time and the reasons of the first', async () => {
  const bytes = Buffer.from('the same')
  const digest = await quarantine().setAside(org, bytes, reasons, 7, signal)
  const before = await items()
  const later = [{ code: 'event.conflict', message: 'later' } as const]
  await Promise.all(Array.from({ length: 10 }, () => quarantine().setAside(org, bytes, later, 8, signal)))
  expect(await items()).toBe(before)
  expect(await quarantine().find(org, digest)).toMatchObject({ receivedAtMs: 7, reasons })
})

test('is not found before it is whole, and is whole after another try', async () => {
  const faulty = localClient({ maxAttempts: 1 })
  injectFaults(faulty, ({ index }) => (index === 1 ? 'down' : undefined))
  const bytes = randomBytes(900_000)
  const store = makeQuarantine(faulty, database.tables.events)
  await expect(store.setAside(org, bytes, reasons, 5, signal)).rejects.toThrow()
  expect(await store.find(org, digestOf(bytes))).toBeUndefined()
  await store.setAside(org, bytes, reasons, 6, signal)
  expect((await store.find(org, digestOf(bytes)))?.bytes.byteLength).toBe(900_000)
})

test('gets a little further with each try that is cut short, and writes no part twice', async () => {
  const bytes = randomBytes(11 * 390_000)
  const faulty = localClient({ maxAttempts: 1 })
  let allowed = 0
  const calls = injectFaults(faulty, ({ command }) =>
    command === 'PutItemCommand' && allowed-- <= 0 ? 'down' : undefined,
  )
  const store = makeQuarantine(faulty, database.tables.events)
  let tries = 0
  for (let done = false; !done; tries++) {
    allowed = 4
    done = await store.setAside(org, bytes, reasons, 5, signal).then(
      () => true,
      () => false,
    )
    if (tries > 9) expect.fail('it never ends')
  }
  expect(tries).toBe(4)
  expect(calls.filter(({ command }) => command === 'PutItemCommand').length).toBeLessThan(12 + 2 + 4 * 4)
  expect((await store.find(org, digestOf(bytes)))?.bytes.byteLength).toBe(bytes.byteLength)
})

test('is listed once even when the first try ended between head and time', async () => {
  const other = orgSlugSchema.parse('half')
  const faulty = localClient({ maxAttempts: 1 })
  injectFaults(faulty, ({ index }) => (index === 1 ? 'down' : undefined))
  const bytes = Buffer.from('half done')
  await expect(
    makeQuarantine(faulty, database.tables.events).setAside(other, bytes, reasons, 5, signal),
  ).rejects.toThrow()
  await quarantine().setAside(other, bytes, reasons, 900, signal)
  await quarantine().setAside(other, bytes, reasons, 901, signal)
  expect((await quarantine().list(other, 10)).bodies).toMatchObject([{ digest: digestOf(bytes), receivedAtMs: 5 }])
})

test('lists the bodies of one org, newest first, page by page', async () => {
  const many = orgSlugSchema.parse('many')
  const ages = Array.from({ length: 57 }, (_, at) => 1_700_000_000_000 + Math.floor(at / 3))
  await Promise.all(
    ages.map((atMs, at) => quarantine().setAside(many, Buffer.from(`body ${at}`), reasons, atMs, signal)),
  )
  await quarantine().setAside(orgSlugSchema.parse('many-2'), Buffer.from('foreign'), reasons, 1, signal)
  const seen: { digest: string; receivedAtMs: number }[] = []
  let next: string | undefined
  let pages = 0
  do {
    const page = await quarantine().list(many, 10, next)
    seen.push(...page.bodies)
    next = page.next
    pages++
  } while (next !== undefined)
  expect(pages).toBe(6)
  expect(seen.map(({ receivedAtMs }) => receivedAtMs)).toEqual(ages.toReversed())
  expect(new Set(seen.map(({ digest }) => digest)).size).toBe(57)
})
