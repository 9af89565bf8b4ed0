// `npm run limit` as a process of its own: the limit it sets, and the entry in the audit log that says what stood before.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { orgLimits } from '../../contract/rate-limit.ts'
import { makeReadRateLimits } from '../../lambdas/store/rate-limits.ts'
import { makeSettingLists } from '../../lambdas/store/setting-lists.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { orgNamed } from '../support/managed.ts'

const folder = mkdtempSync(join(tmpdir(), 'limit-'))
const readyFile = join(folder, 'ready.json')
const acme = orgOf('acme')
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
  const { client, endpoint, tables } = database
  const written = { EventsTableName: tables.events, OutcomesTableName: tables.outcomes }
  const outputs = { ...written, ResultsTableName: tables.results, SettingsTableName: tables.settings }
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const dynamodb = { url: endpoint, region: 'local', credentials }
  writeFileSync(readyFile, JSON.stringify({ outputs, endpoints: { dynamodb } }))
  await makeSettingsStore(client, tables.settings).putOrg(orgNamed('acme'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const limit = (...given: string[]) =>
  promisify(execFile)(process.execPath, ['commands/limit.ts', '--ready-file', readyFile, ...given])

it('sets the limit of an org and says so in its audit log, with what stood before', async () => {
  const { client, tables } = database
  await limit('--org', 'acme', '--of', 'generate', '--per-second', '5000', '--burst', '50000')
  expect((await makeReadRateLimits(client, tables.settings)(acme)).generate).toEqual({ perSecond: 5000, burst: 50000 })
  await limit('--org', 'acme', '--of', 'generate', '--usual')
  expect((await makeReadRateLimits(client, tables.settings)(acme)).generate).toEqual(orgLimits.generate)
  const { entries } = await makeSettingLists(client, tables.settings).listAudit(acme, 10)
  const { perSecond: per_second, burst } = orgLimits.generate
  const [own, usual] = [
    { per_second: 5000, burst: 50000 },
    { per_second, burst },
  ]
  const by = { who: 'command:limit', action: 'limit', what: 'limit:generate' }
  expect(entries).toMatchObject([
    { ...by, before: own, after: usual },
    { ...by, before: usual, after: own },
  ])
})

it('sets nothing for an org that is not there', async () => {
  const failed = await limit('--org', 'nobody', '--of', 'events', '--usual').catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no org nobody') })
})
