// People at work in the console: signing in and out, making a template, writing copy, keys, results that move, a body that is
// read again. One real browser on one whole deployment.
import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  admin,
  beyondScreen,
  consoleOf,
  launchBrowser,
  settle,
  signIn,
  takePicture,
  visit,
} from '../support/browser.ts'
import { dropFile } from '../support/demo-traffic.ts'
import { type HookServer, hookParameters, startHookServer } from '../support/hook-server.ts'
import {
  call,
  cioEvent,
  type DemoStack,
  readResults,
  report,
  sendEvents,
  startDemoStack,
} from '../support/local-stack.ts'

let stack: DemoStack
let browser: Browser
let hooks: HookServer
beforeAll(async () => {
  hooks = await startHookServer()
  ;[stack, browser] = await Promise.all([startDemoStack({ parameters: hookParameters() }), launchBrowser()])
})
afterAll(async () => {
  await Promise.all([browser?.close(), stack?.local.stop()])
  hooks?.close()
})

const template = '/acme/templates/welcome_email'
const asAdmin = (path: string, method: string, body: object) =>
  call(stack, path, {
    method,
    headers: { 'x-api-key': stack.adminKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function visitAsAdmin(path: string) {
  const visitor = await visit(browser)
  await signIn(visitor.page, stack.local, path, admin)
  await settle(visitor.page)
  return visitor
}

describe('signing in', () => {
  it('leads back to the page that was asked for, which a reload keeps', async () => {
    const { page, context, takeErrors } = await visitAsAdmin(`${template}/results?metric=human_opened`)
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`${template}/results?metric=human_opened`)
    await page.reload()
    await settle(page)
    expect(await page.getByRole('combobox', { name: 'Metric' }).inputValue()).toBe('Opened, people only')
    expect(takeErrors()).toEqual([])
    await context.close()
  })

  it('goes on with a token renewed when the one at hand has ended', async () => {
    const { page, context } = await visitAsAdmin('/acme/templates')
    const tokenIn = `JSON.parse(Object.entries(sessionStorage).find(([name]) => name.startsWith('oidc.user:'))[1])`
    const before = await page.evaluate(`${tokenIn}.refresh_token`)
    await page.evaluate(`(() => {
      const name = Object.keys(sessionStorage).find((key) => key.startsWith('oidc.user:'))
      const user = { ...JSON.parse(sessionStorage.getItem(name)), access_token: 'ended.ended.ended', expires_at: 1 }
      sessionStorage.setItem(name, JSON.stringify(user))
    })()`)
    await page.reload()
    await page.getByRole('link', { name: 'Welcome e-mail' }).waitFor()
    expect(before).toBeTypeOf('string')
    expect(await page.evaluate(`${tokenIn}.access_token`)).not.toBe('ended.ended.ended')
    await context.close()
  })

  it('goes on when the API refuses the token in the middle of work, and nothing typed is lost', async () => {
    const { page, context } = await visitAsAdmin(`${template}/settings`)
    const refused: string[] = []
    await page.route('**/api/orgs/acme/templates/welcome_email', async (route) => {
      const { method, headers } = { method: route.request().method(), headers: route.request().headers() }
      if (method !== 'PUT' || refused.length > 0) return route.continue()
      refused.push(headers.authorization ?? '')
      return route.fulfill({ status: 401, json: { error: { code: 'auth.failed', message: 'Not signed in.' } } })
    })
    await page.getByLabel('Name').fill('Welcome again')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(refused[0]).toMatch(/^Bearer /)
    await asAdmin('/api/orgs/acme/templates/welcome_email', 'PUT', { name: 'Welcome e-mail' })
    await context.close()
  })

  it('goes back and forth through pages, tabs and stories by the buttons of the browser', async () => {
    const { page, context } = await visitAsAdmin('/acme/templates')
    const path = () => new URL(page.url()).pathname + new URL(page.url()).search
    await page.getByRole('link', { name: 'Welcome e-mail' }).click()
    await page.waitForURL('**/results')
    await page.getByRole('tab', { name: 'Copy' }).click()
    await page.getByRole('link', { name: 'Edit welcome_warm' }).click()
    await page.getByLabel('Text of subject').waitFor()
    await page.goBack()
    expect(path()).toBe(`${template}/copy`)
    await page.goBack()
    expect(path()).toBe(`${template}/results`)
    await page.goBack()
    await page.getByRole('heading', { name: 'Templates' }).waitFor()
    await page.goForward()
    await page.getByRole('heading', { name: 'Welcome e-mail' }).waitFor()
    await page.goto(`${consoleOf(stack.local).url}/acme/activity/feed?hours=24`)
    await page.getByLabel('Which').fill('nobody')
    await page.getByRole('button', { name: 'Look up' }).click()
    await page.getByText('The story of id:nobody').waitFor()
    await page.goBack()
    expect(path()).toBe('/acme/activity/feed?hours=24')
    await context.close()
  })

  it('ends with signing out: the tokens are gone and the page asks to sign in', async () => {
    const { page, context } = await visitAsAdmin('/acme/templates')
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    // The provider asks once more; Cognito does not.
    await page.getByRole('button', { name: /yes|sign me out/i }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await page.evaluate(`Object.keys(sessionStorage).filter((key) => key.startsWith('oidc.user:'))`)).toEqual([])
    await context.close()
  })

  it('shows an org to its members only', async () => {
    const { page, context } = await visitAsAdmin('/acme/templates')
    await page.goto(`${consoleOf(stack.local).url}/other/templates`)
    expect(await page.locator('h1').textContent()).toBe('There is no such page')
    await context.close()
  })
})

describe('working', () => {
  it('makes a template, writes its copy with a live preview, connects its campaign', async () => {
    const { page, context } = await visitAsAdmin('/acme/templates')
    await page.getByRole('button', { name: 'New template' }).click()
    await page.getByLabel('Name').fill('Cart reminder')
    await page.getByRole('button', { name: 'Make template' }).click()
    await page.waitForURL('**/templates/cart_reminder/copy')
    await page.getByRole('link', { name: 'New copy' }).click()
    await page.getByLabel('Text of subject').fill('{{ first_name }}, your cart misses you')
    await page.getByLabel('Text of body').fill('Come back, {{ nickname }}!')
    const preview = page.getByRole('article', { name: 'Preview of unsaved' })
    await preview.getByText('Ann, your cart misses you').waitFor()
    await preview.getByText('The field nickname is not given').waitFor()
    await page.getByLabel('nickname', { exact: true }).fill('Annie')
    await preview.getByText('Come back, Annie!').waitFor()
    await page.getByRole('button', { name: 'Save copy' }).click()
    await page.waitForURL('**/templates/cart_reminder/copy')
    await page.getByText('{{ first_name }}, your cart misses you').waitFor()

    await page.getByRole('tab', { name: 'Integration' }).click()
    await page.getByText('"template_id": "cart_reminder"').waitFor()
    await page.getByRole('button', { name: 'Add a campaign' }).click()
    await page.getByRole('combobox', { name: 'Campaign ID' }).fill('77')
    await page.getByRole('combobox', { name: 'Webhook Action IDs' }).fill('91')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    const stored = await call(stack, '/api/orgs/acme/templates/cart_reminder', {
      headers: { 'x-api-key': stack.adminKey },
    })
    expect(stored.body).toMatchObject({ sources: [{ source: 'campaign:77', webhook_action_ids: ['91'] }] })
    await context.close()
  })

  it('keeps what was typed when a save fails, through a reload, and saves it then', async () => {
    const { page, context } = await visitAsAdmin(`${template}/copy/welcome_plain`)
    await page.getByLabel('Text of subject').fill('Typed with care')
    await page.getByRole('region', { name: 'What changes' }).locator('ins', { hasText: 'Typed' }).waitFor()
    await page.route('**/variants/**', (route) => route.abort())
    await page.getByRole('button', { name: 'Save copy' }).click()
    await page.getByText('what you typed is still here').waitFor()
    await page.unroute('**/variants/**')
    await page.reload()
    await settle(page)
    expect(await page.getByLabel('Text of subject').inputValue()).toBe('Typed with care')
    await page.getByRole('button', { name: 'Save copy' }).click()
    await page.waitForURL('**/welcome_email/copy')
    await page.getByRole('button', { name: 'What changed since welcome_plain' }).click()
    await page
      .getByRole('article', { name: /^Copy welcome_plain-/ })
      .locator('del', { hasText: 'ready' })
      .waitFor()
    await context.close()
  })

  it('refuses to overwrite what a colleague saved meanwhile, and puts what was typed on top when it is told to', async () => {
    const { page, context } = await visitAsAdmin(`${template}/settings`)
    const path = '/api/orgs/acme/templates/welcome_email'
    await page.getByLabel('Name').fill('Mine')
    await asAdmin(path, 'PUT', { name: 'Theirs', copy_limit_bytes: 900 })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The setting was changed meanwhile').waitFor()
    expect(await page.getByLabel('Name').inputValue()).toBe('Mine')
    // What they changed elsewhere is there already, and stays.
    await expect.poll(() => page.getByLabel('Size limit of a copy, bytes').inputValue()).toBe('900')
    await page.getByRole('button', { name: 'Put mine on top' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    const stored = await call(stack, path, { headers: { 'x-api-key': stack.adminKey } })
    expect(stored.body).toMatchObject({ name: 'Mine', copy_limit_bytes: 900 })
    await asAdmin(path, 'PUT', { name: 'Welcome e-mail', copy_limit_bytes: 1_000 })
    await context.close()
  })

  it('sees results move, and takes them along as a file', async () => {
    const { page, context } = await visitAsAdmin(`${template}/results`)
    await page.getByText('nothing to compare yet').waitFor()
    const now = Math.floor(Date.now() / 1_000)
    const data = { delivery_id: 'seen-1', action_id: 42, identifiers: { id: 'seen' } }
    await report(stack, cioEvent('email', 'sent', data, now))
    await report(stack, cioEvent('email', 'converted', data, now + 1))
    await page.getByText('In control 100.0 % (1 of 1) of the sends converted').waitFor({ timeout: 20_000 })
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download CSV' }).click()
    const file = readFileSync(await (await waiting).path(), 'utf8')
    expect(file.split('\r\n')[0]).toMatch(
      /^template,from,to,arm,copy,choice,.*converted per send,.*after all comparisons$/,
    )
    expect(file).toMatch(/welcome_email,[\d-]+,[\d-]+,control,,drawn,/)
    await context.close()
  })

  it('defines how an event is counted', async () => {
    const { page, context } = await visitAsAdmin('/acme/settings/metrics')
    await page.getByRole('button', { name: 'Add a metric' }).click()
    await page.getByLabel('Event name').last().fill('signup')
    await page.getByLabel('Counts for how many days').last().fill('7')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    const stored = await call(stack, '/api/orgs/acme/settings', { headers: { 'x-api-key': stack.adminKey } })
    expect(stored.body).toMatchObject({
      metrics: expect.arrayContaining([
        expect.objectContaining({ name: 'signup', window_seconds: 604_800, model: 'last' }),
      ]),
    })
    await context.close()
  })
})

it('names the columns of files, and keeps a column that two members claim from being saved', async () => {
  const { page, context } = await visitAsAdmin('/acme/settings/general')
  await page.getByLabel('user_id').fill('customer_no')
  await page.getByLabel('email').fill('Customer_No')
  await page.getByText('user_id has this column already.').waitFor()
  expect(await page.getByRole('button', { name: 'Save' }).isEnabled()).toBe(false)
  await page.getByLabel('email').fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  const stored = await call(stack, '/api/orgs/acme/settings', { headers: { 'x-api-key': stack.adminKey } })
  expect(stored.body).toMatchObject({ file_columns: [{ member: 'user_id', column: 'customer_no' }] })
  await context.close()
})

describe('alerts', () => {
  it('go to an address that is added, whose secret is shown once; a test arrives; then it is removed', async () => {
    const { page, context } = await visitAsAdmin('/acme/settings/alerts')
    const url = `https://hooks.test:${hooks.port}/told`
    await page.getByRole('button', { name: 'Add an address' }).click()
    await page.getByRole('textbox', { name: 'Address' }).fill('https://10.0.0.1/')
    await page.getByRole('button', { name: 'Add address' }).click()
    await page.getByText('public internet only').waitFor()
    await page.getByRole('textbox', { name: 'Address' }).fill(url)
    await page.getByLabel('A daily file is late').uncheck()
    await page.getByRole('button', { name: 'Add address' }).click()
    const secret = await page.getByRole('dialog').locator('code').textContent()
    expect(secret).toMatch(/^whsec_/)
    await page.getByRole('button', { name: 'Copy Secret' }).waitFor()
    await page.getByRole('button', { name: 'I have kept it' }).click()
    const card = page.getByRole('article', { name: url })
    await card.getByText('A copy is ready to ship').waitFor()
    expect(await card.getByText('A daily file is late').count()).toBe(0)
    expect(await page.content()).not.toContain(secret)

    await page.getByRole('button', { name: `Replace secret of ${url}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Replace', exact: true }).click()
    const next = await page.getByRole('dialog').locator('code').textContent()
    expect(next).toMatch(/^whsec_/)
    expect(next).not.toBe(secret)
    await page.getByRole('button', { name: 'I have kept it' }).click()
    await card.getByText('The one before signs along until').waitFor()

    await page.getByRole('button', { name: `Send a test to ${url}` }).click()
    await page.getByRole('row', { name: /Test/ }).getByText('delivered', { exact: true }).waitFor({ timeout: 20_000 })
    expect(hooks.received.map(({ path }) => path)).toEqual(['/told'])

    await page.getByRole('button', { name: `Remove ${url}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('No address yet').waitFor()
    await page.getByText('an address that was removed').waitFor()
    await context.close()
  })
})

describe('hostile content', () => {
  const hostile = [
    '<script>window.pwned = 1</script>',
    '<img src=x onerror="window.pwned = 1">',
    '"><svg onload=window.pwned=1>',
    'x'.repeat(3_000),
    '\u202e\u0634\u0643\u0631\u0627 right to left \u202c',
  ]

  const [script = '', image = '', , , mirrored = ''] = hostile
  /** A name that an event may have and a spreadsheet would take for a formula. */
  const eventName = '-2-cmd purchase'

  it('is shown and never run, and stays within the screen', { timeout: 60_000 }, async () => {
    for (const [at, text] of hostile.entries())
      await asAdmin('/api/orgs/acme/templates/welcome_email/variants', 'POST', {
        copy_id: `hostile_${at}`,
        vars: { subject: text, body: text },
        attrs: { [text.slice(0, 60)]: [text.slice(0, 200)] },
      })
    for (const [at, name] of [script, mirrored].entries()) {
      expect((await asAdmin(`/api/orgs/acme/templates/hostile_${at}`, 'PUT', { name })).status).toBe(200)
      await asAdmin('/api/orgs/acme/keys', 'POST', { name: `${name} ${image}`, scopes: ['generate'] })
    }
    const now = Math.floor(Date.now() / 1_000)
    for (const [at, id] of hostile.entries()) {
      const data = { delivery_id: `<i>${at}</i>`, action_id: 42, identifiers: { id: id.slice(0, 100) } }
      await report(stack, cioEvent('email', 'sent', data, now - 5))
    }
    await report(stack, cioEvent('email', '<b>metric</b>', { delivery_id: 'd', identifiers: { id: script } }, 1))
    await sendEvents(stack, [{ event_name: eventName, user_id: script, timestamp: now, value: '1.00' }])
    await dropFile(stack, `${image.replaceAll('/', '')}.csv`)
    await expect
      .poll(async () => (await readResults(stack)).arms.some(({ events }) => eventName in events), { timeout: 30_000 })
      .toBe(true)
    const { page, context, takeErrors } = await visit(browser, { width: 375 })
    await signIn(page, stack.local, `${template}/copy`, admin)
    takeErrors()
    const problems: string[] = []
    for (const [path, seen] of [
      [`${template}/copy`, script],
      [`${template}/copy`, mirrored],
      ['/acme/templates', mirrored],
      ['/acme/templates/hostile_0/results', script],
      ['/acme/templates/hostile_1/settings', mirrored],
      ['/acme/activity/feed?hours=168', `id:${script}`],
      [`/acme/activity/feed?person=${encodeURIComponent(`id:${script}`)}`, `The story of id:${script}`],
      ['/acme/activity/files', image],
      ['/acme/activity/quarantine', 'metric'],
      ['/acme/settings/keys', image],
      ['/acme/settings/changes', script],
      ['/acme/set-up', script],
      [`${template}/results?metric=${encodeURIComponent(eventName)}`, eventName],
    ] as const) {
      await page.goto(`${consoleOf(stack.local).url}${path}`)
      await settle(page)
      await takePicture(page, `hostile-${path.slice(1, 60).replaceAll(/[^\w]+/g, '_')}`)
      if (!((await page.locator('main').textContent()) ?? '').includes(seen)) problems.push(`${path} does not show it`)
      if ((await page.evaluate('window.pwned')) !== undefined) problems.push(`${path} ran it`)
      problems.push(...(await beyondScreen(page)).map((found) => `${path} is wider than the screen: ${found}`))
    }
    expect(problems).toEqual([])
    expect(takeErrors()).toEqual([])
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download CSV' }).click()
    const file = readFileSync(await (await waiting).path(), 'utf8')
    expect(file).toContain("'-2-cmd purchase")
    expect(file).not.toMatch(/(^|[\r\n,])"?\s*[=+@]|(^|[\r\n,])"?-2-cmd/)
    await context.close()
  })

  it('could not run even if it got into the page: the content policy refuses inline script', async () => {
    const { page, context, takeErrors } = await visitAsAdmin('/acme/templates')
    await page.evaluate(`(() => {
      const script = document.createElement('script')
      script.textContent = 'window.pwned = 1'
      document.body.append(script)
      document.body.insertAdjacentHTML('beforeend', '<img src="/none.png" onerror="window.pwned = 1">')
    })()`)
    await expect.poll(() => takeErrors().join('\n')).toMatch(/Content Security Policy|inline/i)
    expect(await page.evaluate('window.pwned')).toBeUndefined()
    await context.close()
  })
})
