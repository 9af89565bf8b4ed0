// The command that makes the first org, against the deployed stack: its key opens the org, its person can sign in.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, type DemoStack, startDemoStack } from '../support/local-stack.ts'
import { watchStack } from '../support/watched-stack.ts'

let stack: DemoStack
beforeAll(async () => {
  stack = await startDemoStack()
}, 90_000)
afterAll(() => stack?.local.stop())

const run = (...given: string[]) =>
  promisify(execFile)(process.execPath, ['commands/first-org.ts', '--ready-file', stack.local.readyFile, ...given])

it('makes an org with a key that opens it, and leaves all as it is when asked again', async () => {
  const asked = ['--org', 'fresh', '--name', 'Fresh Ltd', '--email', 'eve@fresh.test', '--password', 'Long-enough-1']
  const first = await run(...asked)
  const key = /jai_dev_\w+/.exec(first.stdout)?.[0] ?? ''
  for (const secret of [key, 'Long-enough-1', 'a-signing-key-of-fresh']) stack.leaks.plant(secret)
  const settings = await call(stack, '/api/orgs/fresh/settings', { headers: { 'x-api-key': key } })
  expect([settings.status, settings.body.name]).toEqual([200, 'Fresh Ltd'])
  const headers = { 'x-api-key': key, 'content-type': 'application/json' }
  const body = JSON.stringify({ signing_key: 'a-signing-key-of-fresh' })
  const stored = await call(stack, '/api/orgs/fresh/settings', { method: 'PUT', headers, body })
  expect(stored.body.signing_key).toMatchObject({ last_four: 'resh' })
  const unsigned = await call(stack, '/api/webhook/cio/fresh', { method: 'POST', body: '{}' })
  expect(unsigned.status).toBe(401)
  const again = await run(...asked)
  expect(again.stdout).toContain('fresh: there already')
  expect(again.stdout).not.toContain('jai_dev_')
})

it('says what is wrong with what it was given, and makes nothing', async () => {
  const failed = await run('--org', 'Not A Slug', '--name', 'x', '--email', 'e@x.test').catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('--org must be a slug') })
})

it.each([
  ['a table', 'welcome_email', /SettingsTable holds a secret of 13/],
  ['a log', 'alerts evaluated', /the log holds a secret of 16/],
])('is watched by a watch that finds what stands in %s', async (_where, word, found) => {
  const { leaks, conclude } = watchStack(stack.local)
  leaks.plant(word)
  await expect(conclude()).rejects.toThrow(found)
})
