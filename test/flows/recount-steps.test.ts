// A recount in steps, on real tables: killed at any point it comes to what one pass comes to, and what happens meanwhile is never
// taken for a drift, nor for an event that nobody counted. The seed is printed; RECOUNT_SEED replays it.
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deliveryIdSchema, type OrgSlug, personKeySchema, templateIdSchema } from '../../contract/ids.ts'
import { recountBins } from '../../contract/limits.ts'
import { type Recounted, recountRunSchema } from '../../contract/recounted.ts'
import { classifyBody } from '../../lambdas/domain/events/classify-body.ts'
import { sumAccounts } from '../../lambdas/domain/measuring/sum-accounts.ts'
import { inLanes } from '../../lambdas/flows/in-lanes.ts'
import { measureEvents } from '../../lambdas/flows/measure-events.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import type { ScanPages } from '../../lambdas/flows/recount/fold-steps.ts'
import { type RecountOrgsDeps, recountOrgs } from '../../lambdas/flows/recount/recount-orgs.ts'
import { beginRun, continueRun } from '../../lambdas/flows/recount/recount-run.ts'
import { makeErasure } from '../../lambdas/store/erasure.ts'
import { makeEventStore } from '../../lambdas/store/events.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { resultsKey } from '../../lambdas/store/result-keys.ts'
import { makeSubjectScan } from '../../lambdas/store/subject-scan.ts'
import { integrations, message, purchase, rules, serve } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { makeMemoryFiles } from '../support/memory-files.ts'
import { recountAtOnce, recountDepsOn } from '../support/recounting.ts'
import type { ScriptEvent } from '../support/script.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { seededRandom } from '../support/sdk-faults.ts'
import { storeEvent } from '../support/stream.ts'

const seed = Number(process.env.RECOUNT_SEED ?? Date.now() % 1_000_000)
const persons = 15
const dayMs = 86_400_000
const { signal } = new AbortController()
let database: TestDatabase
let startMs = Date.parse('2026-11-25T01:00:00Z')
let runs = 0

beforeAll(async () => {
  console.log(`seed ${seed}`)
  database = await makeTables()
})
beforeEach(() => {
  startMs += dayMs
})

/** An org in which everything occurs, and with what a recount must find: a sum without outcomes, and an event not counted. */
async function makeOrg(): Promise<OrgSlug> {
  const org = orgOf(`steps-${runs++}`)
  const { client, tables } = database
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
  const events = Array.from({ length: persons }, (_, at) => eventsOf(at)).flat()
  await inLanes(events, 16, (event) => storeEvent(client, tables.events, org, event))
  await measureEvents({
    org,
    scanSubjects: makeSubjectScan(client, tables.events),
    measure: (of, page) => measureSubjects(depsOn(client, tables, 1), of, page),
  })
  await storeEvent(client, tables.events, org, message('Dlost', 'sent', { person: 'lost' }))
  const poison = [{ code: 'body.not_json', message: 'seen' }] as const
  await makeQuarantine(client, tables.events).setAside(org, Buffer.from('{'), poison, startMs - dayMs, signal)
  const cell = { day: '2026-10-01', group: 'control', name: '', stratum: '' } as const
  await client.send(
    new UpdateItemCommand({
      TableName: tables.results,
      Key: marshall(resultsKey(org, templateIdSchema.parse('welcome'), cell, 0)),
      UpdateExpression: 'ADD sent :one, changes :one',
      ExpressionAttributeValues: marshall({ ':one': 1 }),
    }),
  )
  return org
}

function eventsOf(at: number): ScriptEvent[] {
  const of = (second: number, more = {}) => ({ second, person: `p${at}`, ...more })
  const elsewhere = { data: { campaign_id: 900 + (at % 7) } }
  return [
    serve(`S${at}`, at % 2 === 0 ? 'a' : 'b', of(0)),
    message(`CS${at}`, 'sent', of(1, { data: { action_id: 7 } })),
    message(`D${at}`, 'sent', of(10)),
    message(`D${at}`, 'opened', of(20)),
    message(`E${at}`, 'sent', of(12, elsewhere)),
    message(`F${at}`, 'clicked', of(30)),
    purchase(100 + at, { user_id: `p${at}`, event_id: `b${at}` }),
  ]
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

/** Scans of so few items a page that there are many places to go on from. */
function pagedClient(limit: number): DynamoDBClient {
  const client = new DynamoDBClient({ endpoint: database.endpoint, region: 'local', credentials })
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        next(commandName === 'ScanCommand' ? { ...args, input: { ...args.input, Limit: limit } } : args),
    { step: 'initialize' },
  )
  return client
}

function ifKilled(error: unknown): { stored: undefined; done: OrgSlug[] } {
  if (error instanceof Killed) return { stored: undefined, done: [] }
  throw error
}

class Killed extends Error {}

/** Calls recounting as the schedule does, until the org is done. @returns what was told, and how many calls it took */
async function untilTold(deps: RecountOrgsDeps, org: OrgSlug): Promise<{ told: Recounted; calls: number }> {
  for (let calls = 1; calls < 2_000; calls++) {
    const { stored, done } = await recountOrgs(deps, deps.now() + 60_000).catch(ifKilled)
    const told = stored?.get(org)
    if (done.includes(org) && told !== undefined) return { told, calls }
  }
  throw new Error('the recount came to no end')
}

/** Of the functions of a recount any may fail, before its work or after it; nothing runs then but the next call. */
function dying(deps: RecountOrgsDeps, random: () => number, chance: number): RecountOrgsDeps {
  const fatal = async <T>(work: () => Promise<T>): Promise<T> => {
    if (random() < chance) throw new Killed('before')
    const done = await work()
    if (random() < chance) throw new Killed('after')
    return done
  }
  const pages = <T>(scan: ScanPages<T>): ScanPages<T> =>
    async function* (org, after) {
      for await (const page of scan(org, after)) {
        await fatal(async () => undefined)
        yield page
      }
    }
  return {
    ...deps,
    saveRun: (org, run) => fatal(() => deps.saveRun(org, run)),
    putPart: (org, run, part, bins) => fatal(() => deps.putPart(org, run, part, bins)),
    readPart: (org, run, part, bin) => fatal(() => deps.readPart(org, run, part, bin)),
    readCounters: (org, scope) => fatal(() => deps.readCounters(org, scope)),
    readAt: (org, places) => fatal(() => deps.readAt(org, places)),
    saveRecounted: (org, recounted) => fatal(() => deps.saveRecounted(org, recounted)),
    saveRecountBegun: (org, begun) => fatal(() => deps.saveRecountBegun(org, begun)),
    counterPages: pages(deps.counterPages),
    outcomePages: pages(deps.outcomePages),
    keptPages: pages(deps.keptPages),
  }
}

describe('a recount that is killed again and again', () => {
  it('comes to what one pass comes to, whatever had been kept', { timeout: 60_000 }, async () => {
    const org = await makeOrg()
    const once = await recountAtOnce(database.client, database.tables, org, startMs)
    expect([once.drift, sumAccounts(once.days).unaccounted]).toEqual([1, 1])
    expect(sumAccounts(once.days).accepted).toBe(persons * 5 + 2)
    let allCalls = 0
    for (let script = 0; script < 4; script++) {
      const random = seededRandom(seed + script)
      startMs += dayMs
      let nowMs = startMs
      // Every look at the clock takes seconds: steps and calls end after a few pages.
      const ticking = () => (nowMs += Math.floor(random() * 4_000))
      const client = pagedClient(5 + Math.floor(random() * 60))
      const deps = recountDepsOn(client, database.tables, ticking)
      const { told, calls } = await untilTold(dying({ ...deps, listOrgs: async () => [org] }, random, 0.03), org)
      expect({ ...told, countedAtMs: 0 }, `script ${script}`).toEqual({ ...once, countedAtMs: 0 })
      allCalls += calls
    }
    expect(allCalls).toBeGreaterThan(12)
  })
})

describe('a recount while things happen', () => {
  it('finds what is wrong and nothing else', { timeout: 60_000 }, async () => {
    for (let script = 0; script < 2; script++) {
      const org = await makeOrg()
      const random = seededRandom(seed + 100 + script)
      startMs += dayMs
      let nowMs = startMs
      const ticking = () => (nowMs += Math.floor(random() * 4_000))
      const happen = makeTraffic(org, random, () => nowMs)
      const deps = recountDepsOn(pagedClient(5 + Math.floor(random() * 40)), database.tables, ticking)
      const busy: RecountOrgsDeps = {
        ...deps,
        listOrgs: async () => [org],
        counterPages: amid(deps.counterPages, happen),
        outcomePages: amid(deps.outcomePages, happen),
        keptPages: amid(deps.keptPages, happen),
        readMessages: async (...asked) => {
          await happen()
          return deps.readMessages(...asked)
        },
        readCounters: async (...asked) => {
          await happen()
          return deps.readCounters(...asked)
        },
      }
      const { told } = await untilTold(dying(busy, random, 0.01), org)
      const { unaccounted, setAside } = sumAccounts(told.days)
      const seen = { drift: told.drift, unaccounted, setAside }
      expect(seen, `script ${script}`).toEqual({ drift: 1, unaccounted: 1, setAside: 1 })
      expect(told.busy, `script ${script}`).toBeGreaterThan(0)
      const after = await recountAtOnce(database.client, database.tables, org, nowMs + dayMs)
      expect([after.drift, after.busy], `script ${script}`).toEqual([1, 0])
    }
  })
})

function amid<A extends unknown[], T>(scan: (...asked: A) => AsyncIterable<T>, happen: () => Promise<void>) {
  return async function* (...asked: A): AsyncIterable<T> {
    for await (const page of scan(...asked)) {
      await happen()
      yield page
    }
  }
}

/** One thing after the other, each half of the times: messages, engagement, earlier sends, and persons who are erased. */
function makeTraffic(org: OrgSlug, random: () => number, now: () => number): () => Promise<void> {
  const { client, tables } = database
  let count = 0
  let left: (() => Promise<unknown>)[] = []
  const upTo = (many: number) => Math.floor(random() * many)
  const measured = async (event: ScriptEvent, delivery: string) => {
    if (event.kind !== 'message') return
    const accepted = classifyBody(Buffer.from(JSON.stringify(event.body)))
    if (accepted.kind === 'poison') throw new Error('poison')
    await makeEventStore(client, tables.events).append(org, accepted, now(), signal)
    const id = deliveryIdSchema.parse(delivery)
    await measureSubjects(depsOn(client, tables, 1), org, [{ kind: 'delivery', id, joins: true }])
  }
  const erase = async (at: number) => {
    const person = personKeySchema.parse(`id:p${at}`)
    const erasure = makeErasure(client, tables)
    await erasure.markErased(org, person)
    const stored = await makeOutcomeStore(client, tables).readPerson(org, person)
    expect(await erasure.anonymiseOutcomes(org, stored)).toBe('done')
    left.push(
      ...['D', 'E', 'F', 'CS'].map((kind) => () => erasure.forgetSubject(org, { kind: 'delivery', id: kind + at })),
    )
  }
  return async () => {
    if (random() < 0.5) return
    const [next, ...others] = left
    left = others
    await next?.()
    const at = upTo(persons)
    const person = `p${at}`
    const second = 40 + count++
    const kinds = [
      () => measured(message(`N${count}`, 'sent', { second, person }), `N${count}`),
      () => measured(message(`D${at}`, 'clicked', { second, person }), `D${at}`),
      () => measured(message(`F${at}`, 'sent', { second: 5, person }), `F${at}`),
      () => measured(message(`D${at}`, 'sent', { second: 9 - (count % 5), person }), `D${at}`),
      () => (random() < 0.15 ? erase(at) : Promise.resolve()),
    ]
    await kinds[upTo(kinds.length)]?.()
  }
}

it('takes no one for lost who is being erased: their outcomes have moved, and their events are about to go', async () => {
  const org = await makeOrg()
  const { client, tables } = database
  let pages = 0
  const eraseSome = async () => {
    if (++pages !== 5) return
    const erasure = makeErasure(client, tables)
    for (let at = 0; at < persons; at += 2) {
      const person = personKeySchema.parse(`id:p${at}`)
      await erasure.markErased(org, person)
      const stored = await makeOutcomeStore(client, tables).readPerson(org, person)
      expect(await erasure.anonymiseOutcomes(org, stored)).toBe('done')
    }
  }
  const deps = recountDepsOn(pagedClient(8), tables, () => startMs)
  const erasing = { ...deps, outcomePages: amid(deps.outcomePages, eraseSome) }
  const told = await continueRun(erasing, org, await beginRun(erasing, org), Number.POSITIVE_INFINITY)
  expect(pages).toBeGreaterThan(8)
  const { unaccounted } = sumAccounts(told?.days ?? [])
  expect({ drift: told?.drift, unaccounted }).toEqual({ drift: 1, unaccounted: 1 })
})

it('of two calls at work on one org lets one go on, and the other keeps nothing', async () => {
  const org = await makeOrg()
  let nowMs = startMs
  const deps = recountDepsOn(database.client, database.tables, () => nowMs)
  const run = await beginRun(deps, org)
  expect(await continueRun(deps, org, run, nowMs)).toBeUndefined()
  await expect(continueRun(deps, org, run, nowMs)).rejects.toThrow('another call recounts this org')
  const kept = await deps.findRun(org)
  expect(kept).toMatchObject({ id: run.id, revision: 1, stage: 'outcomes' })
  if (kept === undefined) return
  expect(await continueRun(deps, org, kept, Number.POSITIVE_INFINITY)).toMatchObject({ drift: 1 })
  nowMs += 1
  const again = await beginRun(deps, org)
  await expect(continueRun(deps, org, kept, nowMs)).rejects.toThrow('another call')
  expect(await deps.findRun(org)).toEqual(again)
})

it('spreads the cells of a large org over bins, of which each is compared by itself', async () => {
  const org = await makeOrg()
  const files = makeMemoryFiles()
  let nowMs = startMs
  const client = pagedClient(7)
  // The time of a step is over with its first page.
  const deps = recountDepsOn(client, database.tables, () => (nowMs += 61_000), files)
  const told = await continueRun(deps, org, await beginRun(deps, org), Number.POSITIVE_INFINITY)
  const once = await recountAtOnce(database.client, database.tables, org, startMs)
  expect({ ...told, countedAtMs: 0 }).toEqual({ ...once, countedAtMs: 0 })
  const run = recountRunSchema.parse(await deps.findRun(org))
  expect(run).toMatchObject({ bins: recountBins, compared: recountBins, stage: 'over' })
  expect(run.parts.outcomes.length).toBeGreaterThan(3)
  const bins = files.keys(`work/${org}/recount/${run.id}/outcomes`).map((key) => key.slice(key.indexOf('-bin-')))
  expect(new Set(bins).size).toBe(recountBins)
})
