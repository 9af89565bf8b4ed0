// `npm run recount` as a process of its own: its flags, the files that name a deployment, what it says and how it ends.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { orgSlugSchema } from '../../contract/ids.ts'
import { contribute } from '../../lambdas/domain/measuring/contribute.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { findRecounted } from '../../lambdas/store/recounted.ts'
import { resultsKey } from '../../lambdas/store/result-keys.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { message } from '../exactness/scenarios.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { send, templateId } from '../support/placed.ts'
import { storeEvent } from '../support/stream.ts'

const command = join(import.meta.dirname, '../../commands/recount.ts')
const folder = mkdtempSync(join(tmpdir(), 'recount-'))
const readyFile = join(folder, 'ready.json')
const outputsFile = join(folder, 'outputs.json')
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const placed = send(10, { templateId, arm: 'control', rule: 'none' })
const cell = { day: '2025-06-15', group: 'control', name: '', stratum: '' } as const
let database: TestDatabase
let orgs = 0
let org = orgSlugSchema.parse('org')

beforeAll(async () => {
  database = await makeTables()
  writeReady(readyFile, database.endpoint)
  writeFileSync(outputsFile, JSON.stringify({ 'justai-test': outputs() }))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(async () => {
  org = orgSlugSchema.parse(`org-${orgs++}`)
  const plan = { writes: [{ placed, over: undefined }], removals: [], guards: [], cells: contribute(placed) }
  await makeOutcomeStore(database.client, database.tables).commit(org, plan, 0)
})

/** The names of the tables, as the stack tells them. */
function outputs() {
  const { events, outcomes, results, settings } = database.tables
  const written = { EventsTableName: events, OutcomesTableName: outcomes }
  return { ...written, ResultsTableName: results, SettingsTableName: settings }
}

function writeReady(file: string, url: string) {
  const endpoints = { dynamodb: { url, region: 'local', credentials } }
  writeFileSync(file, JSON.stringify({ outputs: outputs(), endpoints }))
}

/** Runs the command in a folder that holds nothing, with nothing of this machine's environment. */
async function recount(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += chunk))
  child.stderr.on('data', (chunk) => (said.err += chunk))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out: said.out.trim().split('\n'), err: said.err }
}

/** Adds to counters: as a consumer does, when `changes` counts the write too; else behind everyone's back. */
function add(counts: Record<string, number>) {
  const names = Object.keys(counts)
  const update = {
    TableName: database.tables.results,
    Key: marshall(resultsKey(org, templateId, cell, 0)),
    UpdateExpression: `ADD ${names.map((_, at) => `#${at} :${at}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [`#${at}`, name])),
    ExpressionAttributeValues: marshall(Object.fromEntries(Object.values(counts).map((by, at) => [`:${at}`, by]))),
  }
  return database.client.send(new UpdateItemCommand(update))
}

/** A way to the database on which something happens before every scan of outcomes, that is in the midst of a recount. */
async function interrupted(happens: () => Promise<unknown>) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const isScan = String(request.headers['x-amz-target']).endsWith('.Scan')
    if (isScan && JSON.parse(body.toString()).TableName === database.tables.outcomes) await happens()
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      name === 'authorization' || name.startsWith('x-amz-') || name === 'content-type' ? [[name, String(value)]] : [],
    )
    const answer = await fetch(database.endpoint, { method: 'POST', headers: Object.fromEntries(headers), body })
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

it('with --events counts what was stored and never measured, and nothing twice', async () => {
  const sent = message('D9', 'sent')
  await storeEvent(database.client, database.tables.events, org, sent)
  const flags = ['--org', org, '--ready-file', readyFile, '--events']
  for (const _ of ['the first time', 'again']) {
    expect(await recount(flags)).toEqual({
      code: 0,
      out: [
        `${org}: events of 1 deliveries, names and persons measured`,
        `${org}: 2 outcomes folded, 2 cells compared`,
        'counters agree with outcomes',
      ],
      err: '',
    })
  }
})

it('stores what it found of an org that has settings, as the night does', async () => {
  const settings = { name: org, personIdentifier: 'id', currency: 'EUR', webhookSignature: 'none' } as const
  await makeSettingsStore(database.client, database.tables.settings).putOrg({ org, ...settings })
  await storeEvent(database.client, database.tables.events, org, message('D9', 'sent'))
  await add({ sent: 3 })
  const { out } = await recount(['--org', org, '--ready-file', readyFile, '--events'])
  const line = "1 events accepted, 0 of them not accounted for; stored as the nightly recount's finding"
  expect(out).toContain(line)
  const found = await findRecounted(database.client, database.tables.settings, org)
  expect(found).toMatchObject({ drift: 1, days: [{ accepted: 1 }] })
  expect(Date.now() - (found?.countedAtMs ?? 0)).toBeLessThan(60_000)
})

describe('ends with', () => {
  it('0 when counters agree', async () => {
    const { code, out, err } = await recount(['--org', org, '--ready-file', readyFile])
    expect([code, err]).toEqual([0, ''])
    expect(out).toEqual([`${org}: 1 outcomes folded, 1 cells compared`, 'counters agree with outcomes'])
  })

  it('1 when they differ, changing nothing; 0 once it mended them, and then nothing is left to mend', async () => {
    await add({ sent: 3 })
    const flags = ['--org', org, '--ready-file', readyFile]
    const line = `  ${templateId} 2025-06-15 control: outcomes say sent -3`
    const { code, out } = await recount(flags)
    expect([code, ...out.slice(1)]).toEqual([1, line, 'counters differ in 1 cells; --repair mends them'])
    const mended = await recount([...flags, '--repair'])
    expect([mended.code, mended.out[1]]).toEqual([0, `${line} (mended)`])
    expect((await recount(flags)).out.slice(1)).toEqual(['counters agree with outcomes'])
  })

  it('1 when they differ and it was only to look: with --dry-run it mends, measures and stores nothing', async () => {
    const settings = { name: org, personIdentifier: 'id', currency: 'EUR', webhookSignature: 'none' } as const
    await makeSettingsStore(database.client, database.tables.settings).putOrg({ org, ...settings })
    await storeEvent(database.client, database.tables.events, org, message('D8', 'sent'))
    await add({ sent: 3 })
    const line = `  ${templateId} 2025-06-15 control: outcomes say sent -3`
    const flags = ['--org', org, '--ready-file', readyFile, '--events', '--repair']
    expect(await recount([...flags, '--dry-run'])).toEqual({
      code: 1,
      out: [
        `${org}: events of 1 deliveries, names and persons would be measured`,
        `${org}: 1 outcomes folded, 1 cells compared`,
        line,
        'counters differ in 1 cells; --repair would mend them',
        'nothing was changed',
      ],
      err: '',
    })
    expect(await findRecounted(database.client, database.tables.settings, org)).toBeUndefined()
    expect((await recount(flags)).out).toContain(`${line} (mended)`)
  })

  it('3 when what could be compared agrees but something was written meanwhile', async () => {
    const midst = await interrupted(() => add({ opened: 1, changes: 1 }))
    const file = join(folder, 'midst.json')
    writeReady(file, midst.url)
    const { code, out } = await recount(['--org', org, '--ready-file', file])
    midst.close()
    expect([code, ...out.slice(1)]).toEqual([
      3,
      '1 cells changed meanwhile and were left out; run again for those',
      'the counters compared agree with outcomes',
    ])
  })
})

it('finds the deployment that cdk wrote the outputs of, by the region and the credentials of its environment', async () => {
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }
  const { code, out } = await recount(['--org', org, '--outputs', outputsFile], env)
  expect([code, out[0]]).toEqual([0, `${org}: 1 outcomes folded, 1 cells compared`])
})

describe('ends with 2, a sentence and the usage', () => {
  const broken = join(folder, 'broken.json')
  const empty = join(folder, 'empty.json')
  beforeAll(() => {
    writeFileSync(broken, '{"outputs":{}}')
    writeFileSync(empty, '{}')
  })

  it.each([
    ['without an org', [], '--org must be an org slug, saw undefined'],
    ['for an org that is no slug', ['--org', 'No Body'], '--org must be an org slug, saw "No Body"'],
    ['for an unknown flag', ['--org', 'acme', '--mend'], "Unknown option '--mend'"],
    ['for a word too many', ['--org', 'acme', 'now'], "Unexpected argument 'now'"],
    ['when nothing was started', ['--org', 'acme'], '.local-data/ready.json could not be read'],
    ['for a file of another shape', ['--org', 'acme', '--ready-file', broken], `${broken} could not be read`],
    ['for outputs that are not there', ['--org', 'acme', '--outputs', 'none.json'], 'none.json could not be read'],
    ['for outputs of no stack', ['--org', 'acme', '--outputs', empty], `${empty} names no stack`],
  ])('%s', async (_what, args, sentence) => {
    const { code, out, err } = await recount(args)
    expect([code, out]).toEqual([2, ['']])
    expect(err.split('\n')[0]).toContain(sentence)
    expect(err).toContain('npm run recount -- --org <org> [--repair]')
    expect(err).toContain('3: not all could be compared')
    expect(err).not.toContain('    at ')
  })
})
