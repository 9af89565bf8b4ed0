// The race that the person's revision is there for, step by step and in every order of steps: two consumers measure what
// depends on one another, on a real DynamoDB, and whoever read an old world starts over.
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { metricsInForce } from '../../lambdas/domain/measuring/metric-rules.ts'
import { type MeasureOutcomesDeps, makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import type { ScriptEvent } from '../support/script.ts'
import { compareResults } from '../support/script-check.ts'
import { depsOn } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'
import { exploreSchedules, Gated, type Step } from './gate.ts'
import { integrations, rules, type Scenario, scenarios } from './scenarios.ts'

const database = await makeTables()
const eventsStep = (name: string, writes: boolean) => ({ name, touches: 'events', writes }) as const
/** What names its person is kept apart from what stands beside a delivery. */
const storeStep = (event: ScriptEvent): Step =>
  event.kind === 'custom' && 'user_id' in event.row
    ? { name: 'store', touches: 'customs', writes: true }
    : eventsStep('store', true)
const outcomesStep = (name: string, writes: boolean) => ({ name, touches: 'outcomes', writes }) as const
const timeout = 900_000

describe.concurrent.each(scenarios.filter(({ unguarded }) => unguarded !== true))('$name', (scenario) => {
  test.each([
    ['the first', 0],
    ['the second', 1],
  ] as const)('%s consumer starts over when the other commits before it', { timeout }, async (_, slow) => {
    const pair = await setUp(database, scenario, rightly)
    await pair.consumers[slow].advanceTo('commit')
    expect(pair.consumers[slow].next?.name).toBe('commit')
    await pair.consumers[1 - slow]?.advanceTo()
    await pair.consumers[slow].advanceTo()
    expect(pair.commits).toContain('raced')
    const { found, expected } = await pair.results()
    expect(found).toEqual(expected)
  })
})

describe.concurrent.each(scenarios)('$name', (scenario) => {
  test('ends right in every order of steps', { timeout }, async () => {
    const { played, wrong } = await explore(scenario, rightly, Number.POSITIVE_INFINITY)
    console.log(`${played} orders of steps: ${scenario.name}`)
    expect(wrong).toEqual([])
    expect(played).toBeGreaterThan(10)
  })
})

describe.concurrent('these tests can fail', () => {
  test('some order ends wrong when a commit is not guarded by the revisions of persons', { timeout }, async () => {
    expect(await firstWrong(withoutGuards)).not.toEqual([])
  })

  test('some order ends wrong when nobody looks again at the custom events after a commit', { timeout }, async () => {
    expect(await firstWrong(withoutLookingAgain)).not.toEqual([])
  })

  test('some order ends wrong when events are read before the revisions', { timeout }, async () => {
    expect(await firstWrong(eventsFirst)).not.toEqual([])
  })
})

/** Changes what a consumer is made of. */
type Manner = (deps: MeasureOutcomesDeps) => MeasureOutcomesDeps

const rightly: Manner = (deps) => deps

const withoutGuards: Manner = (deps) => ({
  ...deps,
  outcomes: {
    ...deps.outcomes,
    commit: (org, plan, shard) => deps.outcomes.commit(org, { ...plan, guards: [] }, shard),
  },
})

/** After a commit the custom events are taken to be what they were when it was planned. */
function withoutLookingAgain(deps: MeasureOutcomesDeps): MeasureOutcomesDeps {
  const planned = new Map<string, ReturnType<typeof deps.readCustomEvents>>()
  let committed = false
  return {
    ...deps,
    readCustomEvents: (org, person) => {
      const known = planned.get(person)
      if (committed && known !== undefined) return known
      const events = deps.readCustomEvents(org, person)
      planned.set(person, events)
      return events
    },
    outcomes: {
      ...deps.outcomes,
      commit: async (...args) => {
        const answer = await deps.outcomes.commit(...args)
        committed = answer === 'committed'
        return answer
      },
    },
  }
}

/** What was read of a subject before the revisions stands in for what is read after them. */
function eventsFirst(deps: MeasureOutcomesDeps): MeasureOutcomesDeps {
  const early = new Map<string, ReturnType<typeof deps.readSubject>>()
  const keys = new Map<string, Parameters<typeof deps.readSubject>[1]>()
  return {
    ...deps,
    readSubject: (org, subject) => {
      keys.set(subject.id, subject)
      return early.get(subject.id) ?? deps.readSubject(org, subject)
    },
    outcomes: {
      ...deps.outcomes,
      readRevisions: async (org, persons) => {
        for (const [id, subject] of keys) {
          const events = deps.readSubject(org, subject)
          early.set(id, events)
          await events
        }
        return deps.outcomes.readRevisions(org, persons)
      },
    },
  }
}

/** The first scenario and order that end wrong, if any does. */
async function firstWrong(manner: Manner): Promise<readonly string[]> {
  for (const scenario of scenarios) {
    const { played, wrong } = await explore(scenario, manner, 1)
    if (wrong.length === 0) continue
    console.log(`wrong after ${played} orders (${manner.name}, ${scenario.name}): ${wrong[0]}`)
    return wrong
  }
  return []
}

async function explore(scenario: Scenario, manner: Manner, most: number): Promise<{ played: number; wrong: string[] }> {
  const wrong: string[] = []
  let pair: Pair
  const played = await exploreSchedules(
    async () => {
      pair = await setUp(database, scenario, manner)
      return pair.consumers
    },
    async ({ turns, steps }) => {
      const { found, expected } = await pair.results()
      if (!isDeepStrictEqual(found, expected)) wrong.push(`${turns}: ${steps.join(', ')}`)
      return wrong.length < most
    },
  )
  return { played, wrong }
}

interface Pair {
  readonly consumers: readonly [Gated, Gated]
  /** What came of every commit, in order. */
  readonly commits: string[]
  readonly results: () => ReturnType<typeof compareResults>
}

let orgs = 0

/** A fresh org with what was there before, and two consumers that stand before storing what each of them brings. */
async function setUp(database: TestDatabase, { before, a, b }: Scenario, manner: Manner): Promise<Pair> {
  const { client, tables } = database
  const org = orgSlugSchema.parse(`race-${orgs++}`)
  const commits: string[] = []
  for (const event of before) await measureStored(org, event, constantSettings(depsOn(client, tables, 1)))
  const withCustoms = [a, b].some(({ kind }) => kind === 'custom')
  const consumers = [new Gated(), new Gated()] as const
  for (const [at, event] of [a, b].entries()) {
    const gated = consumers[at]
    if (gated === undefined) continue
    const deps = manner(throughGate(constantSettings(depsOn(client, tables, 1)), gated, commits, withCustoms))
    await gated.start(() => measureStored(org, event, deps, gated.pass))
  }
  const world = { identifier: 'id', integrations, rules, events: [...before, a, b] } as const
  return { consumers, commits, results: () => compareResults(world, database, org) }
}

/** Stores an event and measures what the stream then delivers. @throws when something could not be measured */
async function measureStored(
  org: OrgSlug,
  event: ScriptEvent,
  deps: MeasureOutcomesDeps,
  pass: Gated['pass'] = (_, task) => task(),
): Promise<void> {
  const { client, tables } = database
  const records = await pass(storeStep(event), async () => {
    await storeEvent(client, tables.events, org, event)
    return makeRecords(client, tables.events, org)(event, '1')
  })
  const { batchItemFailures } = await makeMeasureOutcomes(deps)({ Records: records })
  if (batchItemFailures.length > 0) throw new Error('an event could not be measured')
}

/** Settings stand still here, so reading them is no step. */
function constantSettings(deps: MeasureOutcomesDeps): MeasureOutcomesDeps {
  const bySource = new Map<string, (typeof integrations)[number]>(integrations.map((each) => [each.source, each]))
  return {
    ...deps,
    findSettings: async () => ({ identifier: 'id', metrics: metricsInForce({ currency: 'EUR' }) }),
    findIntegrations: async () => bySource,
    pause: async () => {},
  }
}

/** Where nothing writes custom events there are none, and reading them is no step. */
function throughGate(
  deps: MeasureOutcomesDeps,
  { pass }: Gated,
  commits: string[],
  withCustoms: boolean,
): MeasureOutcomesDeps {
  const { readSubject, readCustomEvents, outcomes } = deps
  return {
    ...deps,
    readCustomEvents: (...args) =>
      withCustoms
        ? pass({ name: 'read custom events', touches: 'customs', writes: false }, () => readCustomEvents(...args))
        : Promise.resolve([]),
    readSubject: (...args) => pass(eventsStep('read events', false), () => readSubject(...args)),
    outcomes: {
      readRevisions: (...args) => pass(outcomesStep('read revisions', false), () => outcomes.readRevisions(...args)),
      readPerson: (...args) => pass(outcomesStep('read person', false), () => outcomes.readPerson(...args)),
      readAt: (...args) => pass(outcomesStep('read outcomes', false), () => outcomes.readAt(...args)),
      markCrowd: (...args) => pass(outcomesStep('mark crowd', true), () => outcomes.markCrowd(...args)),
      commit: (...args) =>
        pass(outcomesStep('commit', true), async () => {
          const committed = await outcomes.commit(...args)
          commits.push(committed)
          return committed
        }),
    },
  }
}
