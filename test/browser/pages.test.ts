// Every page of the console in both themes and at phone width: it loads, nothing is refused or broken, nobody is kept out,
// and a viewer finds nothing that could not work. Pictures are left in `screenshots/` for people to look at.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  admin,
  beyondScreen,
  consoleOf,
  launchBrowser,
  seriousFindings,
  settle,
  signIn,
  takePicture,
  unfold,
  viewer,
  visit,
} from '../support/browser.ts'
import { addDestinations, dropFile, exportYesterday, fillDemo } from '../support/demo-traffic.ts'
import { type HookServer, hookParameters, startHookServer } from '../support/hook-server.ts'
import { type DemoStack, invoke, manage, startDemoStack } from '../support/local-stack.ts'

const template = '/acme/templates/welcome_email'
const known = [
  '/acme/set-up',
  '/acme/templates',
  '/acme/templates?show=archived',
  `${template}/results`,
  `${template}/copy`,
  `${template}/copy/welcome_warm`,
  `${template}/new-copy`,
  `${template}/integration`,
  `${template}/settings`,
  '/acme/activity/feed',
  '/acme/activity/feed?person=id:person-1',
  '/acme/activity/feed?delivery=mail-15',
  '/acme/activity/files',
  '/acme/activity/exports',
  '/acme/activity/exports/columns',
  '/acme/activity/quarantine',
  '/acme/activity/accounts',
  '/acme/settings/customerio',
  '/acme/settings/general',
  '/acme/settings/metrics',
  '/acme/settings/keys',
  '/acme/settings/alerts',
  '/acme/settings/changes',
  '/acme/no-such-page',
]
/** Those with more in them than is shown at first. */
const unfolded = ['/acme/set-up', `${template}/results`, `${template}/copy`]
const looks = [
  { name: 'light', colorScheme: 'light', width: 1280 },
  { name: 'dark', colorScheme: 'dark', width: 1280 },
  { name: 'phone', colorScheme: 'light', width: 375 },
] as const
/** What changes something; a viewer must not see it. */
const changes =
  /^(save|new |add |remove|archive|revoke|make|read again|edit|bring back|stop accepting|choose|take it up|verify|create|forget|send|fill|go on|discard|put mine|lift)/i

let stack: DemoStack
let browser: Browser
let hooks: HookServer
let exportedDay = ''
/** With those that exist only once something came. */
let pages: readonly string[] = known
beforeAll(async () => {
  hooks = await startHookServer()
  hooks.answer = (response) => void response.writeHead(response.req.url === '/busy' ? 503 : 204).end()
  ;[stack, browser] = await Promise.all([startDemoStack({ parameters: hookParameters() }), launchBrowser()])
  await fillDemo(stack, 40)
  exportedDay = await exportYesterday(stack)
  await invoke(stack, 'RecountResults')
  pages = [...known, `/acme/activity/files/${encodeURIComponent(await dropFile(stack, 'spring-sale.csv'))}`]
  await manage(stack, 'PUT', '/templates/old_offer', { name: 'Offer of last year' })
  await manage(stack, 'DELETE', '/templates/old_offer')
  await addDestinations(stack, hooks.port)
})
afterAll(async () => {
  await Promise.all([browser?.close(), stack?.local.stop()])
  hooks?.close()
})

/** Of the picture; a file's id is another one each time. */
const nameOf = (path: string) =>
  path
    .slice(1)
    .replace(/\d{8}T.*/, 'one')
    .replaceAll(/[^\w-]+/g, '_')

describe.each(looks)('in the $name look', ({ name, ...look }) => {
  it('every page loads, is whole and keeps nobody out', { timeout: 120_000 }, async () => {
    const { page, context, takeErrors } = await visit(browser, look)
    const problems: string[] = []
    const lookAt = async (path: string, picture: string) => {
      await takePicture(page, `${picture}-${name}`)
      for (const found of await beyondScreen(page)) problems.push(`${path} is wider than the screen: ${found}`)
      for (const finding of await seriousFindings(page)) problems.push(`${path} ${finding}`)
      for (const error of takeErrors()) problems.push(`${path} logged ${error}`)
    }
    await page.goto(consoleOf(stack.local).url)
    await settle(page)
    await lookAt('the sign-in', 'sign-in')
    await signIn(page, stack.local, '/acme/templates', admin)
    if (await page.getByRole('button', { name: 'Menu' }).isVisible()) {
      await page.getByRole('button', { name: 'Menu' }).click()
      await page.getByRole('link', { name: 'Activity' }).waitFor()
      await lookAt('the menu', 'menu')
    }
    for (const path of pages) {
      await page.goto(`${consoleOf(stack.local).url}${path}`)
      await settle(page)
      await lookAt(path, nameOf(path))
      if (!unfolded.includes(path)) continue
      await unfold(page)
      await lookAt(`${path}, unfolded`, `${nameOf(path)}-unfolded`)
    }
    expect(problems).toEqual([])
    await context.close()
  })
})

/** Asks again while a dialog is still fading in: half seen, its colours are too faint. */
const axeFindsNothing = (page: Page) => expect.poll(() => seriousFindings(page), { timeout: 10_000 }).toEqual([])

it('opens dialogs that axe finds nothing serious in', async () => {
  const { page, context } = await visit(browser)
  await signIn(page, stack.local, '/acme/templates', admin)
  await page.getByRole('button', { name: 'New template' }).click()
  await page.getByRole('dialog').getByLabel('Name').waitFor()
  await axeFindsNothing(page)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  for (const [path, button, there] of [
    ['/acme/settings/keys', 'New key', 'What it is for'],
    ['/acme/settings/keys', 'Account', 'As my device'],
    ['/acme/activity/exports', `Files of ${exportedDay}`, 'The addresses are good until'],
    ['/acme/settings/alerts', 'Add an address', 'It is told when'],
  ] as const) {
    await page.goto(`${consoleOf(stack.local).url}${path}`)
    await page.getByRole('button', { name: button }).click()
    await page.getByText(there).waitFor()
    await axeFindsNothing(page)
    await takePicture(page, `${nameOf(path)}-${button === 'Account' ? 'menu' : 'dialog'}`)
  }
  await context.close()
})

it('is worked by keyboard alone: past the menu to the content, through tabs, into a dialog and back', async () => {
  const { page, context } = await visit(browser)
  await signIn(page, stack.local, '/acme/templates', admin)
  await page.reload()
  await settle(page)
  const focused = (what: string): Promise<unknown> => page.evaluate(`document.activeElement.${what}`)
  await page.keyboard.press('Tab')
  expect(await focused('textContent')).toBe('To the content')
  await page.keyboard.press('Enter')
  await expect.poll(() => focused('id')).toBe('main')
  const button = page.getByRole('button', { name: 'New template' })
  for (let at = 0; at < 5 && (await focused('textContent')) !== 'New template'; at += 1)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByLabel('Name').waitFor()
  await page.keyboard.type('By hand')
  expect(await page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('By hand')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await button.evaluate((each) => each.matches(':focus'))).toBe(true)
  await page.goto(`${consoleOf(stack.local).url}${template}/results`)
  await page.getByRole('tab', { name: 'Results' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForURL('**/copy')
  await context.close()
})

it('shows a viewer no button that could not work', { timeout: 120_000 }, async () => {
  const { page, context } = await visit(browser)
  await signIn(page, stack.local, '/acme/templates', viewer)
  const seen: string[] = []
  for (const path of pages) {
    await page.goto(`${consoleOf(stack.local).url}${path}`)
    await settle(page)
    const texts = await page.locator('main button, main a[role=button], main a').allInnerTexts()
    seen.push(...texts.filter((text) => changes.test(text.trim())).map((text) => `${path}: ${text}`))
  }
  expect(seen).toEqual([])
  await context.close()
})

it('is refused by the API, what the console hides from a viewer', async () => {
  const { page, context } = await visit(browser)
  await signIn(page, stack.local, '/acme/templates', viewer)
  const status = (method: string, path: string, body?: object) =>
    page.evaluate(`(async () => {
      const key = Object.keys(sessionStorage).find((name) => name.startsWith('oidc.user:'))
      const { access_token } = JSON.parse(sessionStorage.getItem(key))
      const headers = { authorization: 'Bearer ' + access_token, 'content-type': 'application/json' }
      const body = ${JSON.stringify(body === undefined ? null : JSON.stringify(body))} ?? undefined
      return (await fetch(${JSON.stringify(path)}, { method: ${JSON.stringify(method)}, headers, body })).status
    })()`)
  expect(await status('GET', '/api/orgs/acme/settings')).toBe(200)
  expect(await status('PUT', '/api/orgs/acme/settings', { name: 'Mine' })).toBe(403)
  expect(await status('POST', '/api/orgs/acme/keys', { scopes: ['admin'] })).toBe(403)
  expect(await status('DELETE', '/api/orgs/acme/templates/welcome_email')).toBe(403)
  expect(await status('GET', '/api/orgs/other/settings')).toBe(401)
  await context.close()
})

it('shows what a first page holds within 2 s on the demo org, with nothing kept from before', async () => {
  const { page, context } = await visit(browser)
  await signIn(page, stack.local, '/acme/templates', admin)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true })
  // The best of three: a machine that is busy with something else says nothing of the page.
  const tookMs: number[] = []
  for (let at = 0; at < 3; at += 1) {
    const startMs = Date.now()
    await page.goto(`${consoleOf(stack.local).url}/acme/templates`)
    await page.getByRole('cell', { name: 'keep running' }).waitFor()
    tookMs.push(Date.now() - startMs)
  }
  console.info(`templates and how they stand are shown after ${tookMs.join(', ')} ms`)
  expect(Math.min(...tookMs)).toBeLessThan(2_000)
  await context.close()
})
