// Secrets that alerts are signed with, as `npm run rotate -- --alerts` replaces them: what it says, and that a server of either secret
// can verify what arrives, by the scheme's own library.
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rotateAlertSecrets } from '../../commands/rotate/alert-secrets.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { makeAlerting } from '../support/alerting.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { type HookServer, startHookServer } from '../support/hook-server.ts'
import { orgNamed } from '../support/managed.ts'

const dayMs = 86_400_000
const org = orgOf('acme')
let database: TestDatabase
let hooks: HookServer

beforeAll(async () => {
  ;[database, hooks] = await Promise.all([makeTables(), startHookServer()])
  await makeSettingsStore(database.client, database.tables.settings).putOrg(orgNamed(org))
})
afterAll(() => hooks.close())

it('those that are old get a successor, shown once, and for a day the one before signs along', async () => {
  const alerting = makeAlerting(database, [org], hooks, Date.now() - 91 * dayMs)
  const rotate = async (dueMs: number | undefined, isDryRun = false) => {
    const said: string[] = []
    const say = (line: string) => void said.push(line)
    await rotateAlertSecrets(alerting.replacing, org, { who: 'command:rotate', dueMs, isDryRun, say })
    return said
  }
  expect(await rotate(0)).toEqual(['secrets of alerts: none'])
  const add = async () => (await alerting.ask('POST', org, '/destinations', { url: alerting.hookUrl })).body
  const old = await add()
  alerting.clock.nowMs += 90 * dayMs
  const young = await add()
  const place = `(to hooks.test:${hooks.port})`
  const [ofOld, ofYoung] = [old, young].map(({ id, last_four }) => `secret of alerts ${id} ${place}: …${last_four}`)
  expect(await rotate(undefined)).toEqual([`${ofOld}, 90 days old`, `${ofYoung}, 0 days old`])
  const willBe = [`${ofOld}, 90 days old, gets a successor`, `${ofYoung}, 0 days old`]
  expect(await rotate(90 * dayMs, true)).toEqual(willBe)
  const [line, shown = '', other, ...more] = await rotate(90 * dayMs)
  expect([line, other, more]).toEqual([...willBe, []])
  const successor = /whsec_\S+$/.exec(shown)?.[0] ?? ''

  // Again, and whatever is due: the one before is still needed.
  const [again, ...rest] = await rotate(0, true)
  expect(again).toMatch(/: ….{4}, 0 days old, the one before signs along until \d{4}-/)
  expect(rest).toEqual([`${ofYoung}, 0 days old, gets a successor`])

  const secretsThatVerify = async () => {
    await alerting.ask('POST', org, `/destinations/${old.id}/test`)
    await alerting.deliver()
    const [hook] = hooks.received.splice(0)
    const signed = Object.fromEntries(Object.entries(hook?.headers ?? {}).map(([name, value]) => [name, String(value)]))
    return [old.secret, successor].filter((secret) => isVerified(secret, hook?.body ?? '', signed))
  }
  // The library reads the clock: a day before now it would take nothing.
  alerting.clock.nowMs += dayMs - 1_000
  expect(await secretsThatVerify()).toEqual([old.secret, successor])
  alerting.clock.nowMs += 1_000
  expect(await secretsThatVerify()).toEqual([successor])
})

function isVerified(secret: string, body: string, signed: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, signed)
    return true
  } catch {
    return false
  }
}
