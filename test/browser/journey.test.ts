// From an empty org to its results, by the console alone, as the guide tells it: what a person sees and does at each step, with
// the stand-in for Customer.io on the other side. One person, one browser, one after the other.
import { readFileSync } from 'node:fs'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccount, demoWorkspace } from '../../commands/demo-customerio.ts'
import { demoOrg } from '../../commands/demo-org.ts'
import { addMember } from '../../commands/members.ts'
import { makeProgress } from '../../commands/simulate/progress.ts'
import { simulate } from '../../commands/simulate/simulate.ts'
import { orgSlugSchema, sourceRefSchema, templateIdSchema } from '../../contract/ids.ts'
import { secondPassAfterMs } from '../../contract/restatement.ts'
import { checksAnswerSchema } from '../../contract/setup-answers.ts'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { takeBothPaths } from '../support/both-paths.ts'
import { consoleOf, launchBrowser, seriousFindings, settle, takePicture, visit } from '../support/browser.ts'
import { call, customerio, type DemoStack, invoke, restateSoon, startDemoStack } from '../support/local-stack.ts'

const org = orgSlugSchema.parse('fresh')
const person = { email: 'eve@fresh.test', password: 'Eve-of-fresh-1', groups: ['org:fresh:admin', 'org:acme:viewer'] }
const appApiKey = 'app-key-of-production-workspace'
const template = '/fresh/templates/welcome_email'
const connected = {
  kind: 'source',
  source: sourceRefSchema.parse('campaign:23'),
  templateId: templateIdSchema.parse('welcome_email'),
} as const

let stack: DemoStack
let browser: Browser
let page: Page
let dynamodb: DynamoDBClient
/** Of ours, as the console showed it, once; and of the reporting webhook. */
let [apiKey, signingKey] = ['', '']

beforeAll(async () => {
  ;[stack, browser] = await Promise.all([startDemoStack(), launchBrowser()])
  const { endpoints, outputs } = stack.local.ready
  const { url: endpoint, ...caller } = endpoints.dynamodb
  dynamodb = new DynamoDBClient({ endpoint, ...caller })
  const settings = makeSettingsStore(dynamodb, String(outputs.SettingsTableName))
  await settings.putOrg({ ...demoOrg, org, name: 'Fresh', webhookSignature: 'none' })
  const { url: poolUrl, ...poolCaller } = endpoints.cognito
  const pool = new CognitoIdentityProviderClient({ endpoint: poolUrl, ...poolCaller })
  await addMember(pool, outputs.UserPoolId ?? '', person)
  page = (await visit(browser)).page
})
afterAll(() => Promise.all([browser?.close(), stack?.local.stop()]))

async function open(path: string): Promise<void> {
  await page.goto(`${consoleOf(stack.local).url}${path}`)
  await settle(page)
}
const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const choose = async (label: string, option: string | RegExp) => {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}
async function save(what = 'Save'): Promise<void> {
  await press(what)
  await page.getByText('Saved', { exact: true }).first().waitFor()
}
/** Counts everything first, as every night does. */
async function lightsNotGreen(): Promise<string[]> {
  await invoke(stack, 'RecountResults', { anew: true })
  const { body } = await call(stack, '/api/orgs/fresh/health', { headers: { 'x-api-key': apiKey } })
  const { checks } = checksAnswerSchema.parse(body)
  return checks.filter(({ state }) => state !== 'ok').map(({ id, seen }) => `${id}: ${seen}`)
}
/** What there is to see of an org that has nothing yet. */
const emptyPages = ['templates', 'activity/feed', 'activity/accounts', 'activity/exports', 'settings/alerts', 'set-up']
async function look(name: string): Promise<void> {
  await settle(page)
  await takePicture(page, name)
  expect(await seriousFindings(page)).toEqual([])
}
const step = (name: string | RegExp) => page.getByRole('region', { name })
const answered = (place: RegExp) => step(place).getByText('Customer.io answered').waitFor({ timeout: 30_000 })

describe('setting up from an empty org', () => {
  it('begins with signing in, choosing the org, and a list where nothing is green that nothing proves', async () => {
    await page.goto(consoleOf(stack.local).url)
    await press('Sign in')
    await page.getByLabel('E-mail').fill(person.email)
    await page.getByLabel('Password').fill(person.password)
    await press('Sign in')
    await page.getByRole('link', { name: 'fresh' }).waitFor()
    await look('choose-org')
    await page.getByRole('link', { name: 'fresh' }).click()
    await page.getByText('No template yet').waitFor()
    for (const empty of emptyPages) {
      await open(`/fresh/${empty}`)
      await look(`empty-${empty.replace('/', '-')}`)
    }
    await page.getByRole('link', { name: 'Set-up' }).click()
    await step('1. Key of Customer.io').getByText('waiting').first().waitFor()
    await step('5. Templates').getByText('waiting').first().waitFor()
  })

  it('makes a key for the webhook action and the simulator', async () => {
    await open('/fresh/settings/keys')
    await press('New key')
    await page.getByLabel('What it is for').fill('Everything')
    for (const scope of [/^events/, /^admin/]) await page.getByLabel(scope).check()
    await press('Make key')
    apiKey = (await page.getByText(/^jai_dev_/).textContent()) ?? ''
    await press('I have kept it')
    // What its people paste at Customer.io: the webhook action with that key. No reporting webhook yet.
    const names = { apiUrl: stack.apiUrl, org, template: 'welcome_email', apiKey }
    const account = demoAccount({ ...names, appApiKey, sandboxKey: 'app-key-of-sandbox' })
    await customerio(stack, 'PUT', '/account', { ...account, reporting_webhooks: [] })
  })

  it("stores Customer.io's key, then chooses the workspace from its list", async () => {
    await open('/fresh/set-up')
    await page.getByLabel('App API key', { exact: true }).fill(appApiKey)
    await save('Save connection')
    await choose('Workspace', `${demoWorkspace.name} (${demoWorkspace.id})`)
    await save('Save connection')
    await press('Verify the key')
    await step('1. Key of Customer.io').getByText('✓ ok').nth(2).waitFor()
  })

  it('makes a template with copy, connects its campaign from the lists, and starts it', async () => {
    await open('/fresh/set-up')
    await press('New template')
    await page.getByRole('dialog').getByLabel('Name').fill('Welcome email')
    await press('Make template')
    await page.waitForURL('**/templates/welcome_email/copy')
    for (const subject of ['Welcome, {{ first_name }}', 'It begins']) {
      await page.getByRole('link', { name: 'New copy' }).click()
      await page.getByLabel('Text of subject').fill(subject)
      await press('Save copy')
      await page.waitForURL('**/templates/welcome_email/copy')
    }
    await page.getByRole('tab', { name: 'Integration' }).click()
    await page.getByRole('link', { name: 'New key', exact: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Copy URL' }).count()).toBe(1)
    expect(await page.getByRole('button', { name: 'Copy Header X-Api-Key' }).count()).toBe(0)
    await press('Add a campaign')
    await choose('Campaign ID', /Welcome/)
    await choose('Webhook Action IDs', /asks JustAI for copy/)
    await choose('Control Action IDs', /Control/)
    await save()
    await page.getByRole('tab', { name: 'Settings' }).click()
    await choose('State', /^active/)
    await choose('How copies are drawn', 'All alike')
    await save()
  })

  it('makes the reporting webhook, stores its signing key, and traffic turns every light green', async () => {
    await open('/fresh/set-up')
    await press('Create or mend it at Customer.io')
    await answered(/Reporting webhook/)
    await expect.poll(async () => Object(await customerio(stack, 'GET', '/reporting_webhooks')).length).toBe(1)
    const [made] = Object(await customerio(stack, 'GET', '/reporting_webhooks'))
    signingKey = made.signing_key
    await page.getByLabel('Signing key', { exact: true }).fill(signingKey)
    await save('Save signing key')
    await press('Create or mend it at Customer.io')
    await answered(/Reporting webhook/)
    await press('Verify the campaign')
    await answered(/Template:/)
    await takeBothPaths(stack, 'fresh', apiKey)
    // Connecting the campaign counts it anew, in two passes that are minutes apart.
    await restateSoon(stack, secondPassAfterMs - 2_000, connected, 'fresh')
    await expect.poll(() => lightsNotGreen(), { timeout: 60_000, interval: 2_000 }).toEqual([])
    await page.getByText(/^(\d+) of \1 checks are ok\.$/).waitFor()
  })
})

describe('working with what arrives', () => {
  it('sees the results move while the simulator plays', async () => {
    await open(`${template}/results`)
    await page.getByText('100.0 % (1 of 1) of the sends converted, in control 100.0 % (1 of 1)').waitFor()
    const setup = { org, template: 'welcome_email', campaignId: 23, webhookActionId: 41, controlActionId: 42 }
    const options = { people: 60, days: 5, lifts: new Map(), control: 0.4, seed: 3, lanes: 8, url: undefined }
    const seen = await simulate(
      { apiUrl: stack.apiUrl, apiKey, adminKey: apiKey, signingKey, ...setup },
      { ...options, readyFile: '' },
      makeProgress(() => undefined),
    )
    expect(seen.differences).toEqual([])
    await page.getByText('Keep running: it is too early to tell.').waitFor({ timeout: 20_000 })
    await page
      .getByRole('article', { name: /against control/ })
      .nth(1)
      .waitFor()
    await choose('Metric', 'purchase')
    await page.getByText(/^Counts up to 14 days after the message was sent, for the last message before it/).waitFor()
  })

  it('fills a gap from what Customer.io still knows, once', async () => {
    const data = { campaign_id: 23, delivery_id: 'mail-missed', action_id: 42, identifiers: { id: 'dee' } }
    const event = { object_type: 'email', metric: 'sent', timestamp: Math.floor(Date.now() / 1_000), data }
    await customerio(stack, 'POST', '/events', { workspace: demoWorkspace.id, event, deliver: false })
    await open('/fresh/set-up')
    await press('Show what to do in step 4')
    await press('▸  Fill a gap')
    await choose('Campaign of the gap', /Welcome/)
    await press('Fill the gap')
    await page.getByText(/^The gap is filled: [\d,]+ messages read, [1-9]/).waitFor({ timeout: 20_000 })
    await press('Fill the gap')
    await page.getByText(/^The gap is filled: [\d,]+ messages read, 0 events filled in/).waitFor({ timeout: 20_000 })
    await open('/fresh/activity/feed?delivery=mail-missed')
    await page.getByRole('cell', { name: 'Sent', exact: true }).first().waitFor()
  })

  it('drops a file with a bad row, and takes the rejected row along to mend it', async () => {
    await open('/fresh/activity/files')
    const rows = [
      'event_name,user_id,timestamp,value',
      'purchase,ann,NOW,9.50',
      'purchase,bea,yesterday,1',
      '"=1+cmd",carl,yesterday,-1',
    ]
    const text = rows.join('\n').replace('NOW', new Date().toISOString())
    const dropped = await page.evaluateHandle(`(() => {
      const held = new DataTransfer()
      held.items.add(new File([${JSON.stringify(text)}], 'spring-sale.csv', { type: 'text/csv' }))
      return held
    })()`)
    await page.getByRole('region', { name: 'Drop files' }).dispatchEvent('drop', { dataTransfer: dropped })
    await page.getByRole('row', { name: /spring-sale.csv.*rows rejected/ }).waitFor({ timeout: 30_000 })
    await page.getByRole('link', { name: 'spring-sale.csv' }).click()
    const waiting = page.waitForEvent('download')
    await press('Download rejected rows')
    const rejected = readFileSync(await (await waiting).path(), 'utf8')
    expect(rejected).toContain('purchase,bea,yesterday,1')
    expect(rejected).toContain(`"'=1+cmd",carl,yesterday,-1`)
    expect(rejected).not.toContain('ann')
  })

  it('reads a body again that was set aside, and finds it in the story of its person', async () => {
    const data = { campaign_id: 23, delivery_id: 'mail-late', action_id: 42, identifiers: { id: 'late' } }
    const timestamp = Math.floor(Date.now() / 1_000)
    const body = { event_id: 'late', object_type: 'email', metric: 'sent', timestamp, data }
    // As a version of the service would have done that could not read it yet.
    const quarantine = makeQuarantine(dynamodb, String(stack.local.ready.outputs.EventsTableName))
    const reasons = [{ code: 'event.invalid' as const, message: 'metric: seen something new' }]
    await quarantine.setAside(org, Buffer.from(JSON.stringify(body)), reasons, Date.now(), AbortSignal.timeout(5_000))
    await open('/fresh/activity/quarantine')
    await press('Read again')
    await page.getByText('It was accepted and is counted now.').waitFor()
    await page.getByText('Nothing is set aside').waitFor()
    const story = () => call(stack, '/api/orgs/fresh/events?person=id:late', { headers: { 'x-api-key': apiKey } })
    await expect.poll(async () => Object((await story()).body.happenings).length, { timeout: 20_000 }).toBe(1)
    await open('/fresh/activity/feed?person=id:late')
    await page.getByRole('button', { name: 'mail-late' }).waitFor()
    await open('/fresh/activity/feed?delivery=mail-ann')
    await page.getByText('joined by the journey').first().waitFor()
  })

  it('has a person forgotten, whose story is empty then', async () => {
    await open('/fresh/activity/feed?person=id:late')
    await press('Forget this person')
    await page.getByRole('dialog').getByRole('button', { name: 'Forget', exact: true }).click()
    await page.getByText('The person is forgotten.').waitFor()
    await page.getByText('Nothing is known of it.').waitFor()
  })

  it('revokes the key, which is refused then', async () => {
    await open('/fresh/settings/keys')
    await press('Revoke Everything')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByRole('cell', { name: 'revoked' }).waitFor()
    // A route that has not seen the key yet: where it was used it may be known for another half a minute.
    expect((await call(stack, '/api/orgs/fresh/exports', { headers: { 'x-api-key': apiKey } })).status).toBe(401)
  })

  it('changes to the other org, may only read there, and is told so', async () => {
    await press('Organisation fresh')
    await page.getByRole('menuitem', { name: 'acme' }).click()
    await page.getByRole('link', { name: 'Welcome e-mail' }).waitFor()
    expect(await page.getByRole('button', { name: 'New template' }).count()).toBe(0)
    await page.goBack()
    await page.getByRole('button', { name: 'Organisation fresh' }).waitFor()
    await open('/acme/settings/changes')
    await page.getByText('For admins only').waitFor()
    await open('/fresh/settings/changes')
    await page.getByRole('article', { name: /^key:/ }).first().waitFor()
  })
})
