// The watch finds what it is there to find: in an answer, in the last page of a table, in the log.
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, expect, it } from 'vitest'
import { laxClient, makeTables, type TestDatabase } from './dynamodb-local.ts'
import { makeLeakWatch } from './leak-watch.ts'

const secret = 'canary-signing-key'
const madeKey = `jai_dev_${'a1'.repeat(24)}`
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
  // More than the megabyte that one page of a scan holds.
  for (let at = 0; at < 5; at++) await put(`filler-${at}`, 'x'.repeat(300_000))
})

const put = (sk: string, text: string) =>
  laxClient().send(
    new PutItemCommand({ TableName: database.tables.settings, Item: marshall({ pk: 'acme', sk, text }) }),
  )

it.each([
  ['an answer', () => ({ answer: `{"note":"${secret}"}` }), 'the answer of GET /api/orgs/acme/settings'],
  ['the log', () => ({ logged: [`failed with ${secret}`] }), 'the log'],
  ['a table', async () => put('~last', secret).then(() => ({})), 'settings-'],
])('finds a secret in %s', async (_name, leak, where) => {
  const watch = makeLeakWatch()
  watch.plant(secret)
  const { answer = '{}', logged = [] }: { answer?: string; logged?: string[] } = await leak()
  watch.hear('GET /api/orgs/acme/settings', answer)
  await expect(watch.conclude(database, logged)).rejects.toThrow(where)
  await put('~last', 'nothing')
  await expect(makeLeakWatch().conclude(database, logged)).resolves.toBeUndefined()
})

it('finds a key that was shown once in any later answer', async () => {
  const watch = makeLeakWatch()
  watch.hear('POST /api/orgs/acme/keys', JSON.stringify({ key: madeKey }))
  await expect(watch.conclude(database, [])).resolves.toBeUndefined()
  watch.hear('GET /api/orgs/acme/keys', JSON.stringify({ keys: [{ key: madeKey }] }))
  await expect(watch.conclude(database, [])).rejects.toThrow('the answer of GET /api/orgs/acme/keys')
})

it('finds an e-mail address in the log, and in answers that are not there to name people', async () => {
  const logged = makeLeakWatch()
  await expect(logged.conclude(database, ['failed for ann@x.test'])).rejects.toThrow('the log holds an e-mail address')
  const watch = makeLeakWatch()
  watch.hear('GET /api/orgs/acme/events?person=email:ann@x.test', '{"person":"email:ann@x.test"}')
  await expect(watch.conclude(database, [])).resolves.toBeUndefined()
  watch.hear('GET /api/orgs/acme/templates', '{"note":"ann@x.test"}')
  await expect(watch.conclude(database, [])).rejects.toThrow('holds an e-mail address')
})
