// The nightly recount on real tables: what it finds of an org, and how it goes on where a call before left off.
import { DeleteItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { beforeAll, expect, it } from 'vitest'
import type { OrgSlug } from '../../contract/ids.ts'
import { sumAccounts } from '../../lambdas/domain/measuring/sum-accounts.ts'
import { measureEvents } from '../../lambdas/flows/measure-events.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { type RecountOrgsDeps, recountOrgs } from '../../lambdas/flows/recount/recount-orgs.ts'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { findRecounted } from '../../lambdas/store/recounted.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { makeSubjectScan } from '../../lambdas/store/subject-scan.ts'
import { integrations, message, purchase, rules, serve } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { recountDepsOn } from '../support/recounting.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { storeEvent } from '../support/stream.ts'

const dayMs = 86_400_000
/** Ten in the morning, far enough ahead of what is stored now. */
const morningMs = Math.ceil(Date.now() / dayMs) * dayMs + 10 * 3_600_000
const orgs = [orgOf('first'), orgOf('second'), orgOf('third')] as const
let database: TestDatabase
const failed: OrgSlug[] = []

beforeAll(async () => {
  database = await makeTables()
  const { client, tables } = database
  for (const org of orgs) {
    await storeSettings({ identifier: 'id', integrations, rules }, database, org)
    const settings = { name: org, personIdentifier: 'id', currency: 'EUR', webhookSignature: 'none' } as const
    await makeSettingsStore(client, tables.settings).putOrg({ org, ...settings })
    const events = [
      serve('S1', 'a', { person: '1' }),
      message('CS1', 'sent', { second: 1, data: { action_id: 7 } }),
      message('D1', 'sent'),
      message('D1', 'opened', { second: 20 }),
      message('D2', 'clicked', { second: 30, person: '2' }),
      purchase(20, {}),
    ]
    for (const event of events) await storeEvent(client, tables.events, org, event)
    const poison = [{ code: 'body.not_json', message: 'seen' }] as const
    await makeQuarantine(client, tables.events).setAside(
      org,
      Buffer.from('{'),
      poison,
      Date.now(),
      new AbortController().signal,
    )
    await measureEvents({
      org,
      scanSubjects: makeSubjectScan(client, tables.events),
      measure: (of, page) => measureSubjects(depsOn(client, tables, 1), of, page),
    })
  }
})

function deps(more: Partial<RecountOrgsDeps> = {}): RecountOrgsDeps {
  const onTables = recountDepsOn(database.client, database.tables, () => morningMs)
  return { ...onTables, onFailed: (org) => failed.push(org), ...more }
}

it('takes orgs one by one, goes on where its time was over, and then waits for the next night', async () => {
  let nowMs = morningMs
  // Each org takes a minute.
  const slow = deps({ now: () => nowMs })
  const keptPages: RecountOrgsDeps['keptPages'] = (org) => {
    nowMs += 60_000
    return slow.keptPages(org)
  }
  const first = await recountOrgs({ ...slow, keptPages }, nowMs + 100_000)
  expect(first).toMatchObject({ done: ['first', 'second'], left: 1, drift: 0, unaccounted: 0 })
  const second = await recountOrgs({ ...slow, keptPages }, nowMs + 100_000)
  expect(second).toMatchObject({ done: ['third'], left: 0 })
  expect((await recountOrgs(slow, nowMs + 100_000)).done).toEqual([])
  nowMs = morningMs + dayMs
  const stale = await recountOrgs({ ...slow, listOrgs: slow.listOrgs }, nowMs)
  expect(stale).toMatchObject({ done: [], left: 3, oldestMs: dayMs })
  expect((await recountOrgs(slow, nowMs + 1)).done).toEqual(orgs)
})

it('says of every event that was accepted what became of it', async () => {
  const { stored } = await recountOrgs(deps(), morningMs + 1, true)
  for (const org of orgs) {
    const sum = sumAccounts(stored.get(org)?.days ?? [])
    expect(sum).toEqual({ accepted: 5, counted: 3, unmatched: 1, setAside: 1, twice: 0, pending: 0, unaccounted: 0 })
  }
})

it('finds the event whose outcome is gone, and the sums that differ then, in that org alone', async () => {
  const { client, tables } = database
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.outcomes }))
  const { pk, sk } = Items.find((item) => item.pk?.S?.startsWith('second#') && item.sk?.S?.includes('#send:D1')) ?? {}
  const Key = { pk: pk ?? { S: '' }, sk: sk ?? { S: '' } }
  await client.send(new DeleteItemCommand({ TableName: tables.outcomes, Key }))
  const { stored, unaccounted, drift } = await recountOrgs(deps(), morningMs + 1, true)
  expect(sumAccounts(stored.get(orgs[1])?.days ?? [])).toMatchObject({ accepted: 5, counted: 1, unaccounted: 2 })
  expect({ unaccounted, drift }).toEqual({ unaccounted: 2, drift: stored.get(orgs[1])?.drift })
  expect(drift).toBeGreaterThan(0)
})

it('stops for no org that cannot be recounted, and says how long that has been so', async () => {
  const { listErasures } = deps()
  const failing: RecountOrgsDeps['listErasures'] = (org) =>
    org === orgs[0] ? Promise.reject(new Error('throttled')) : listErasures(org)
  const later = deps({ listErasures: failing, now: () => morningMs + 4 * dayMs })
  const { done, left, oldestMs } = await recountOrgs(later, morningMs + 5 * dayMs)
  expect({ done, left }).toEqual({ done: [orgs[1], orgs[2]], left: 1 })
  expect(failed).toEqual([orgs[0]])
  expect(oldestMs).toBeGreaterThanOrEqual(3 * dayMs)
})

it('takes an org whose recount was killed after all others, and tells how long it waits before it begins any', async () => {
  const nowMs = morningMs + 6 * dayMs
  const known: number[] = []
  const killedAt = deps({
    now: () => nowMs,
    onBegin: ({ oldestMs }) => known.push(oldestMs),
    // As a call that Lambda ends: nothing runs after it, neither the handling of errors.
    putPart: () => new Promise(() => undefined),
    saveRecountBegun: async (org, begun) => {
      await deps().saveRecountBegun(org, begun)
      begunOrgs.push(org)
      reached()
    },
  })
  const begunOrgs: OrgSlug[] = []
  let reached: () => void = () => undefined
  for (const org of orgs) {
    const begins = new Promise<void>((resolve) => (reached = resolve))
    void recountOrgs({ ...killedAt, now: () => nowMs + known.length }, Number.POSITIVE_INFINITY)
    await begins
    expect(begunOrgs, org).toHaveLength(known.length)
  }
  expect(begunOrgs.toSorted()).toEqual(orgs.toSorted())
  expect(Math.min(...known)).toBeGreaterThan(dayMs)
})

it('says of an org that was never recounted to its end how long ago that was begun first', async () => {
  const fourth = orgOf('fourth')
  const never = deps({
    listOrgs: async () => [fourth],
    putPart: () => Promise.reject(new Error('out of reach')),
  })
  await recountOrgs(never, morningMs + 1)
  const { oldestMs } = await recountOrgs({ ...never, now: () => morningMs + 2 * dayMs }, morningMs + 3 * dayMs)
  expect(oldestMs).toBe(2 * dayMs)
})

it('keeps what it found with the org, where a sum that was changed by hand shows', async () => {
  const { client, tables } = database
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.results }))
  const { pk, sk } = Items.find((item) => item.pk?.S?.startsWith('third#') && item.sent !== undefined) ?? {}
  const Key = { pk: pk ?? { S: '' }, sk: sk ?? { S: '' } }
  const more = { UpdateExpression: 'ADD sent :one', ExpressionAttributeValues: { ':one': { N: '1' } } }
  await client.send(new UpdateItemCommand({ TableName: tables.results, Key, ...more }))
  await recountOrgs(deps(), morningMs + 1, true)
  expect(await findRecounted(client, tables.settings, orgs[2])).toMatchObject({ drift: 1 })
})
