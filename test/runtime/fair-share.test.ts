// An org's share on real tables, seen by many instances at once on a clock that the test turns.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { orgLimits } from '../../contract/rate-limit.ts'
import { OverLimit } from '../../lambdas/domain/api/fault.ts'
import { sliceOf } from '../../lambdas/domain/api/rate-debt.ts'
import { makeFairShare } from '../../lambdas/runtime/fair-share.ts'
import { makeChargeRate } from '../../lambdas/store/rate-debts.ts'
import { makeSetRateLimit } from '../../lambdas/store/rate-limits.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'

let database: TestDatabase
let nowMs = 0
let writes = 0
let orgs = 0
let org = orgOf('org')
const told: Promise<unknown>[] = []

beforeAll(async () => {
  database = await makeTables()
})
beforeEach(() => {
  nowMs = 1_795_000_000_000
  writes = 0
  org = orgOf(`org-${orgs++}`)
})

function instance() {
  const charge = makeChargeRate(database.client, database.tables.settings)
  return makeFairShare({
    what: 'generate',
    charge: (...args) => {
      writes++
      const telling = charge(...args)
      told.push(telling.catch(() => undefined))
      return telling
    },
    now: () => nowMs,
    log: () => undefined,
  })
}
const setLimit = (perSecond: number, burst: number) =>
  makeSetRateLimit(database.client, database.tables.settings)(org, 'generate', { perSecond, burst })

/** Asks so many times of each instance in turn, as long as it is let in; answers how many were. */
async function ask(instances: readonly ReturnType<typeof instance>[], times: number): Promise<number> {
  let admitted = 0
  for (let at = 0; at < times; at++) {
    for (const share of instances) {
      try {
        share.admit(org)
        share.take(org, 1)
        admitted++
      } catch (error) {
        expect(error).toBeInstanceOf(OverLimit)
      }
    }
    await Promise.all(told.splice(0))
  }
  return admitted
}

describe('an org', () => {
  it('that is quiet costs no write, however long', async () => {
    const share = instance()
    for (let at = 0; at < 500; at++) {
      share.admit(org)
      share.take(org, 1)
      nowMs += 600
    }
    expect(writes).toBe(0)
  })

  it('at its limit is let through by all instances together as often as the limit says', async () => {
    await setLimit(20, 40)
    const instances = Array.from({ length: 5 }, instance)
    await ask(instances, 1)
    let admitted = 5
    for (let second = 0; second < 10; second++) {
      admitted += await ask(instances, 20)
      nowMs += 1_000
    }
    // What it saved up, what came in, and what each instance had not told yet, at the default's slice at first.
    const allowed = 40 + 10 * 20
    expect(admitted).toBeGreaterThanOrEqual(allowed - 20)
    expect(admitted).toBeLessThanOrEqual(allowed + 5 * sliceOf(orgLimits.generate))
  })

  it('that is refused causes no call until it may ask again, and is told when', async () => {
    await setLimit(1, 2)
    const share = instance()
    await ask([share], 20)
    const before = writes
    let seen: unknown
    try {
      share.admit(org)
    } catch (error) {
      seen = error
    }
    expect(seen).toMatchObject({ code: 'limit.exceeded', retryAfterSeconds: expect.any(Number) })
    const seconds = seen instanceof OverLimit ? seen.retryAfterSeconds : 0
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(await ask([share], 100)).toBe(0)
    expect(writes).toBe(before)
    nowMs += seconds * 1_000
    expect(() => share.admit(org)).not.toThrow()
  })

  it('pays nothing for another', async () => {
    await setLimit(1, 1)
    const share = instance()
    await ask([share], 20)
    expect(() => share.admit(org)).toThrow(OverLimit)
    expect(() => share.admit(orgOf('quiet'))).not.toThrow()
  })

  it('that an operator gave more is let in within half a minute', async () => {
    await setLimit(1, 1)
    const share = instance()
    await ask([share], 400)
    await setLimit(1_000, 10_000)
    nowMs += 30_000
    expect(await ask([share], 400)).toBe(400)
  })
})

it('refuses nobody while the table does not answer', async () => {
  const logged: string[] = []
  const share = makeFairShare({
    what: 'events',
    charge: () => Promise.reject(new Error('down')),
    now: () => nowMs,
    log: (_level, message) => logged.push(message),
  })
  for (let at = 0; at < 10; at++) {
    share.admit(org)
    share.take(org, 500)
    await Promise.resolve().then(() => undefined)
  }
  expect(logged).not.toEqual([])
  expect(new Set(logged)).toEqual(new Set(['share not told']))
})
