// `npm run restore` as a process of its own, from one table into another: what is lost comes back, what came since stays.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DeleteItemCommand, PutItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { message } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { storeEvent } from '../support/stream.ts'

const folder = mkdtempSync(join(tmpdir(), 'restore-'))
const readyFile = join(folder, 'ready.json')
const [acme, other] = [orgOf('acme'), orgOf('other')]
let live: TestDatabase
let restored: TestDatabase

beforeAll(async () => {
  live = await makeTables()
  restored = await makeTables()
  const { client, endpoint, tables } = live
  const names = ['Stage', 'DataBucketName', 'OrgSecretPrefix', 'AlertSecretPrefix', 'FailureQueueUrl']
  const none = Object.fromEntries([...names, 'FileNoticesQueueUrl', 'DeadLetters'].map((name) => [name, 'none']))
  const events = { EventsTableName: tables.events, OutcomesTableName: tables.outcomes }
  const outputs = { ...none, ...events, ResultsTableName: tables.results, SettingsTableName: tables.settings }
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  writeFileSync(
    readyFile,
    JSON.stringify({ outputs, endpoints: { dynamodb: { url: endpoint, region: 'local', credentials } } }),
  )
  for (const org of [acme, other]) {
    for (const id of ['D1', 'D2', 'D3']) {
      for (const table of [tables.events, restored.tables.events]) {
        await storeEvent(client, table, org, message(id, 'sent'))
      }
    }
  }
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.events }))
  const keyOf = (org: string, delivery: string) => {
    const { pk, sk } = Items.find(({ pk }) => pk?.S === `${org}#d#${delivery}`) ?? {}
    return { pk: pk ?? { S: '' }, sk: sk ?? { S: '' } }
  }
  const TableName = tables.events
  await client.send(new DeleteItemCommand({ TableName, Key: keyOf('acme', 'D1') }))
  await client.send(new DeleteItemCommand({ TableName, Key: keyOf('other', 'D1') }))
  const damage = { UpdateExpression: 'SET digest = :x', ExpressionAttributeValues: { ':x': { S: 'damaged' } } }
  await client.send(new UpdateItemCommand({ TableName, Key: keyOf('acme', 'D2'), ...damage }))
  await storeEvent(client, TableName, acme, message('D9', 'sent'))
  const seen = { pk: 'acme#r', sk: 'source.campaign:23', kind: 'sighting', what: 'source', atMs: 1_000, count: 1 }
  const past = marshall({ ...seen, ttl: 1_000 })
  await client.send(new PutItemCommand({ TableName: restored.tables.events, Item: past }))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...flags: string[]) =>
  promisify(execFile)(process.execPath, ['commands/restore.ts', '--ready-file', readyFile, ...flags]).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout + error.stderr,
    }),
  )
const liveItems = async () =>
  Object.fromEntries(
    ((await live.client.send(new ScanCommand({ TableName: live.tables.events }))).Items ?? []).map((item) => [
      item.pk?.S,
      item.digest?.S,
    ]),
  )

it('says beforehand what it would put back, and puts back what is missing, of one org or of all, once', async () => {
  const from = ['--from', restored.tables.events]
  const before = await liveItems()
  const dry = await run(...from, '--replace', '--dry-run')
  expect([dry.code, dry.out]).toEqual([
    1,
    [
      `7 items in ${restored.tables.events}, 1 of them past their end`,
      `2 missing in ${live.tables.events}: would be put back`,
      '1 with other content: would be replaced',
      'nothing was changed\n',
    ].join('\n'),
  ])
  expect(await liveItems()).toEqual(before)

  const one = await run(...from, '--org', 'acme')
  expect([one.code, one.out]).toEqual([1, expect.stringContaining(`1 missing in ${live.tables.events}: put back`)])
  expect(Object.keys(await liveItems())).toEqual(expect.arrayContaining(['acme#d#D1', 'acme#d#D9']))
  expect((await liveItems())['acme#d#D2']).toBe('damaged')

  expect(await run(...from, '--replace')).toMatchObject({ code: 0, out: expect.stringContaining('1 missing') })
  const after = await liveItems()
  expect(after['acme#d#D2']).not.toBe('damaged')
  expect(Object.keys(after)).toHaveLength(7)
  const again = await run(...from)
  expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/\n0 missing[\s\S]*\n0 with other content/) })
})

it('takes no table but another than the live one', async () => {
  expect(await run('--from', live.tables.events)).toMatchObject({
    code: 2,
    out: expect.stringContaining('another table than the live one'),
  })
  expect(await run()).toMatchObject({ code: 2, out: expect.stringContaining('--from must name the restored table') })
})
