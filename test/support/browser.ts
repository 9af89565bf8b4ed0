// A real browser for the tests of the console: the Chromium that comes with a package, so that nothing is downloaded. Pages
// report what they logged as an error, which no test lets pass.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import packaged from '@sparticuz/chromium'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Local } from '../../local/start.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const screenshots = join(import.meta.dirname, '../browser/screenshots')

/** Not the package's own flags: those turn off what a page may not do, for work without a network. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await packaged.executablePath()
  return chromium.launch({ executablePath, args: ['--headless=shell', '--no-sandbox', '--disable-gpu'] })
}

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors and refusals that the browser logged since it was last asked. */
  readonly takeErrors: () => string[]
}

export interface VisitorOptions {
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
}

export async function visit(browser: Browser, options: VisitorOptions = {}): Promise<Visitor> {
  const { colorScheme = 'light', width = 1280 } = options
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, acceptDownloads: true })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  return { page, context, takeErrors: () => errors.splice(0) }
}

/** Where the console is and who may sign in, as the ready file says. */
export function consoleOf(local: Local): {
  readonly url: string
  readonly passwordOf: (email: string) => string
} {
  const { consoleUrl, oidc } = local.ready
  const users: unknown = Reflect.get(Object(oidc), 'users')
  if (consoleUrl === undefined || !Array.isArray(users)) throw new Error('The deployment tells of no console.')
  return {
    url: consoleUrl,
    passwordOf: (email) => String(users.find((user) => user.email === email)?.password),
  }
}

export const admin = 'admin@acme.test'
export const viewer = 'viewer@acme.test'

/** Opens a page of the console and signs in on the way to it. */
export async function signIn(page: Page, local: Local, path: string, email: string): Promise<void> {
  const { url, passwordOf } = consoleOf(local)
  await page.goto(`${url}${path}`)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(passwordOf(email))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((address) => address.origin === url && address.pathname !== '/signed-in')
}

/** Opens everything that is shut, so that it is looked at too. */
export async function unfold(page: Page): Promise<void> {
  const shut = page.locator('main [aria-expanded=false]:not([role=combobox]):not([aria-haspopup])')
  // What is opened may hold more that is shut.
  while ((await shut.count()) > 0) await shut.first().click()
  // What unfolds slides open, and begins to load then.
  await page.waitForTimeout(300)
  await settle(page)
}

/** Until nothing is loading any more. */
export async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.locator('[aria-busy=true], [aria-label=Loading]').first().waitFor({ state: 'detached' })
  await page.evaluate('document.fonts.ready')
}

/** What makes the page wider than the screen, so that it has to be moved from side to side. */
export async function beyondScreen(page: Page): Promise<string[]> {
  const found: unknown = await page.evaluate(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const reaches = (each) => each.getBoundingClientRect().right > clientWidth && !each.closest('[role=region][tabindex]')
    return [...document.querySelectorAll('body *')].filter(reaches).slice(-3)
      .map((each) => each.tagName + '.' + each.className + ' ' + (each.textContent ?? '').slice(0, 40))
  })()`)
  return Array.isArray(found) ? found.map(String) : ['the page did not answer']
}

/** What axe finds that keeps people from using the page: rule, and where. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(`${axe};undefined`)
  const found: unknown =
    await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary)))`)
  return Array.isArray(found) ? found.map(String) : ['axe did not answer']
}

/** A picture of the whole page, to be looked at; nothing is compared with it. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  await page.evaluate('scrollTo(0, 0)')
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
}
