import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { maxCopiesPerTemplate, maxSourcesPerTemplate, maxTemplates } from '../../contract/limits.ts'
import { maxMetrics } from '../../contract/metric.ts'
import type { Route } from '../../contract/route.ts'
import type { CopyAnswer } from '../../contract/template-answers.ts'
import { listPending } from '../../lambdas/store/pending-restatements.ts'
import { orgOf, templateIdOf, templateOf, variantOf } from '../support/copy-settings.ts'
import { type Managed, orgNamed, startManaged } from '../support/managed.ts'

let managed: Managed
let template = ''
let count = 0
beforeAll(async () => {
  managed = await startManaged()
})
afterAll(() => managed.issuer.close())
beforeEach(() => {
  template = `template_${++count}`
})

const ask = (method: Route['method'], path: string, body?: unknown, headers = {}) =>
  managed.ask(['org:acme:admin'], method, `/api/orgs/acme/templates/${template}${path}`, {
    headers,
    ...(body !== undefined && { body }),
  })
const vars = { subject: 'Hello {{ first_name }}' }

/** An active template with the copy `warm`. */
async function activeTemplate(): Promise<void> {
  await ask('PUT', '', { name: 'Welcome' })
  await ask('POST', '/variants', { copy_id: 'warm', vars })
  expect((await ask('PUT', '', { status: 'active' })).status).toBe(200)
}

describe('a template', () => {
  it('begins as a draft and is listed, read and changed part by part', async () => {
    const made = await ask('PUT', '', { name: 'Welcome', key_metric: 'clicked' })
    expect(made.body).toMatchObject({ template_id: template, status: 'draft', split_mode: 'external', variants: [] })
    const changed = await ask('PUT', '', { split_mode: 'persistent', control_share: 0.2 })
    expect(changed.body).toMatchObject({ name: 'Welcome', key_metric: 'clicked', control_share: 0.2 })
    expect((await ask('GET', '')).body).toEqual(changed.body)
    const list = await managed.ask(['org:acme:viewer'], 'GET', '/api/orgs/acme/templates')
    expect(list.body.templates).toContainEqual({
      template_id: template,
      name: 'Welcome',
      status: 'draft',
      key_metric: 'clicked',
    })
  })

  it('serves only with copy, and never becomes a draft again', async () => {
    await ask('PUT', '', {})
    expect((await ask('PUT', '', { status: 'active' })).body.error.code).toBe('template.empty')
    await activeTemplate()
    expect((await ask('PUT', '', { status: 'draft' })).body.error.code).toBe('template.draft_again')
    expect((await ask('DELETE', '/variants/warm')).body.error.code).toBe('template.empty')
    expect((await ask('DELETE', '')).body.status).toBe('archived')
  })

  it('is not tested on a metric of which more is worse', async () => {
    await ask('PUT', '', {})
    const refused = await ask('PUT', '', { key_metric: 'bounced' })
    expect([refused.status, refused.body.error.code]).toEqual([422, 'template.harm_metric'])
    expect(refused.body.error.details).toEqual([
      { path: 'key_metric', message: expect.stringContaining('Seen: bounced, of which more is worse.') },
    ])
    expect((await ask('GET', '')).body.key_metric).toBe('converted')
    expect((await ask('PUT', '', { key_metric: 'replied' })).status).toBe(200)
  })

  it('refuses an edit made from what no longer stands, whichever part changed', async () => {
    await activeTemplate()
    const { headers } = await ask('GET', '')
    await ask('POST', '/variants', { copy_id: 'cold', vars })
    const late = await ask('PUT', '', { name: 'Late' }, { 'if-match': headers.etag })
    expect([late.status, late.body.error.code]).toEqual([412, 'settings.changed'])
  })

  it('loses no copy when several are added at once', async () => {
    await ask('PUT', '', {})
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, at) => ask('POST', '/variants', { copy_id: `copy${at}`, vars })),
    )
    const stored = (await ask('GET', '/variants')).body.variants.map(({ copy_id }: CopyAnswer) => copy_id)
    const accepted = answers.filter(({ status }) => status === 200).map(({ body }) => body.copy.copy_id)
    expect(stored).toEqual(accepted.toSorted())
    expect(accepted.length).toBeGreaterThan(0)
    expect(answers.every(({ status }) => status === 200 || status === 412)).toBe(true)
  })

  it.each(['a-b', 'a b', '%2F', 'x'.repeat(65)])('with the id %j does not exist', async (id) => {
    template = id
    expect((await ask('GET', '')).status).toBe(404)
    expect((await ask('PUT', '', {})).body.error.code).toBe('template.malformed')
  })
})

describe('a copy', () => {
  it('gets another id with another text, and the old one stays, archived', async () => {
    await activeTemplate()
    const { body } = await ask('PUT', '/variants/warm', { vars: { subject: 'Hi' } })
    expect(body).toMatchObject({
      copy: { copy_id: 'warm-2', status: 'active', vars: { subject: 'Hi' } },
      replaces: 'warm',
    })
    const third = await ask('PUT', '/variants/warm-2', { vars: { subject: 'Hey' } })
    expect(third.body.copy.copy_id).toBe('warm-3')
    const { variants } = (await ask('GET', '')).body
    expect(variants.map(({ copy_id, status }: CopyAnswer) => `${copy_id} ${status}`)).toEqual([
      'warm archived',
      'warm-2 archived',
      'warm-3 active',
    ])
    expect(variants[0].vars).toEqual(vars)
  })

  it('is not made twice when the answer of an edit was lost', async () => {
    await activeTemplate()
    const change = { vars: { subject: 'Hi' } }
    const first = await ask('PUT', '/variants/warm', change)
    const again = await ask('PUT', '/variants/warm', { ...change, status: 'active' })
    expect(again.body.copy).toEqual(first.body.copy)
    expect((await ask('GET', '/variants')).body.variants).toHaveLength(2)
  })

  it('keeps its id when only its conditions or its status change', async () => {
    await activeTemplate()
    const { body } = await ask('PUT', '/variants/warm', { attrs: { plan: ['Gold'] } })
    expect(body).toMatchObject({ copy: { copy_id: 'warm', attrs: { plan: ['Gold'] } }, replaces: null })
  })

  it('of a draft leaves nothing behind: nobody was served it', async () => {
    await ask('PUT', '', {})
    await ask('POST', '/variants', { copy_id: 'warm', vars })
    await ask('PUT', '/variants/warm', { vars: { subject: 'Hi' } })
    const { variants } = (await ask('GET', '/variants')).body
    expect(variants.map(({ copy_id }: CopyAnswer) => copy_id)).toEqual(['warm-2'])
  })

  it('takes the fallback along to its new id, and ends it when it is archived', async () => {
    await activeTemplate()
    await ask('POST', '/variants', { copy_id: 'safe', vars })
    await ask('PUT', '', { fallback_copy_id: 'safe' })
    await ask('PUT', '/variants/safe', { vars: { subject: 'Safer' } })
    expect((await ask('GET', '')).body.fallback_copy_id).toBe('safe-2')
    await ask('DELETE', '/variants/safe-2')
    expect((await ask('GET', '')).body.fallback_copy_id).toBeNull()
    expect((await ask('PUT', '', { fallback_copy_id: 'nothing' })).body.error.code).toBe('copy.unknown')
  })

  it('whose text is not Liquid is refused by the name of the variable', async () => {
    await ask('PUT', '', {})
    const answer = await ask('POST', '/variants', { vars: { subject: 'Hi {{ name', body: 'fine' } })
    expect(answer.body.error).toMatchObject({ code: 'body.invalid', details: [{ path: 'vars.subject' }] })
  })

  it('is added under an id of its own and never over another', async () => {
    await ask('PUT', '', {})
    const { body } = await ask('POST', '/variants', { vars })
    expect(body.copy).toMatchObject({ copy_id: `${template}-2`, arm: 'treatment', status: 'active' })
    expect((await ask('POST', '/variants', { copy_id: `${template}-2`, vars })).body.error.code).toBe('copy.exists')
  })
})

describe('the connection to Customer.io', () => {
  const source = () => `campaign:${1_000 + count}`

  it('is saved as a whole: what is not named any more is let go', async () => {
    await ask('PUT', '', {})
    const first = { source: source(), webhook_action_ids: ['41'], control_action_ids: ['42'] }
    const saved = await ask('PUT', '/integration', { sources: [first], attribute_scope: 'journey' })
    expect(saved.body.sources).toEqual([{ ...first, treatment_action_ids: [], serve_window_days: 30 }])
    await ask('PUT', '/integration', { sources: [{ source: 'newsletter:7' }] })
    const { body } = await ask('GET', '')
    expect(body.sources.map(({ source }: { source: string }) => source)).toEqual(['newsletter:7'])
    expect(body.attribute_scope).toBe('journey')
    await ask('PUT', '/integration', { sources: [] })
  })

  it('has the sends of every source that it adds, changes or lets go measured anew, and of no other', async () => {
    const { client, tables } = managed.database
    const pending = async () =>
      (await listPending(client, tables.settings, orgOf('acme'))).flatMap(({ restatement }) =>
        restatement.what.kind === 'source' ? [`${restatement.what.source} ${restatement.requestedAtMs}`] : [],
      )
    const at = (source: string) => `${source} ${managed.clock.nowMs}`
    await ask('PUT', '', {})
    managed.clock.nowMs += 1
    await ask('PUT', '/integration', { sources: [{ source: 'campaign:71' }, { source: 'campaign:72' }] })
    expect(await pending()).toEqual(expect.arrayContaining([at('campaign:71'), at('campaign:72')]))
    managed.clock.nowMs += 1
    await ask('PUT', '/integration', { sources: [{ source: 'campaign:71' }, { source: 'campaign:73' }] })
    const later = await pending()
    expect(later).toEqual(expect.arrayContaining([at('campaign:72'), at('campaign:73')]))
    expect(later).not.toContain(at('campaign:71'))
    const told = ['campaign:71', 'campaign:72', 'campaign:73', 'campaign:72']
    expect(managed.told.slice(-told.length).map((word) => word.replace(/#.*/, ''))).toEqual(
      told.map((one) => `acme ${one}`),
    )
  })

  it('gives a source to one template at most', async () => {
    await ask('PUT', '', {})
    await ask('PUT', '/integration', { sources: [{ source: 'campaign:23' }] })
    template = `${template}_other`
    await ask('PUT', '', {})
    const answer = await ask('PUT', '/integration', { sources: [{ source: 'campaign:23' }] })
    expect([answer.status, answer.body.error.code]).toEqual([409, 'integration.taken'])
    const twice = await ask('PUT', '/integration', { sources: [{ source: 'campaign:9' }, { source: 'campaign:9' }] })
    expect(twice.body.error.code).toBe('body.invalid')
  })

  it('is written out for Customer.io, word for word', async () => {
    await ask('PUT', '', {})
    const text = 'Hi {{ first_name }}{% if vip %}!{% endif %} {{ company.name }}'
    await ask('POST', '/variants', {
      vars: { subject: text, body: 'Plain' },
      attrs: { plan: ['gold'], 'sign up': ['web'] },
    })
    const { body } = await ask('GET', '/integration')
    expect(body).toMatchObject({
      method: 'POST',
      url: 'https://api.example/api/generate/acme',
      headers: [{ name: 'X-Api-Key' }, { name: 'Content-Type', value: 'application/json' }],
      response: { scope: 'customer', attribute: `jw_${template}`, value: '{{ response.copy | json }}' },
    })
    expect(body.body).toBe(`{
  "template_id": "${template}",
  "user_id": {{ customer.id | default: "" | json }},
  "attrs": {
    "plan": {{ customer.plan | default: "" | json }},
    "sign up": {{ customer["sign up"] | default: "" | json }}
  },
  "fields": {
    "company": {{ customer.company | default: "" | json }},
    "first_name": {{ customer.first_name | default: "" | json }},
    "vip": {{ customer.vip | default: "" | json }}
  }
}`)
    expect(body.message).toContainEqual({ variable: 'subject', liquid: `{{ customer.jw_${template}.vars.subject }}` })
  })

  it('is written so that Liquid makes JSON of it, also for a person who lacks everything', async () => {
    const { Liquid } = await import('liquidjs')
    await ask('PUT', '', {})
    await ask('POST', '/variants', { vars: { subject: '{{ first_name }}' }, attrs: { 'it"s': ['x'] } })
    const { body } = (await ask('GET', '/integration')).body
    const engine = new Liquid()
    expect(JSON.parse(await engine.parseAndRender(body, { customer: {} }))).toMatchObject({ user_id: '' })
    const customer = { id: 'a"b', first_name: 'O\\N\n', 'it"s': 'x' }
    expect(JSON.parse(await engine.parseAndRender(body, { customer }))).toEqual({
      template_id: template,
      user_id: 'a"b',
      attrs: { 'it"s': 'x' },
      fields: { first_name: 'O\\N\n' },
    })
  })
})

describe('how copies are weighed', () => {
  it('is learned unless something else is asked for, and names only copies that there are', async () => {
    await activeTemplate()
    expect((await ask('GET', '')).body).toMatchObject({ algorithm: 'thompson', floor: 0.05, weights: null })
    const weights = [{ copy_id: 'warm', weight: 1 }]
    const fixed = (await ask('PUT', '', { algorithm: 'fixed', weights, floor: 0 })).body
    expect(fixed).toMatchObject({ algorithm: 'fixed', weights, floor: 0 })
    expect((await ask('PUT', '', { name: 'Other' })).body).toMatchObject({ algorithm: 'fixed', weights })
    expect((await ask('PUT', '', { weights: null })).body).toMatchObject({ algorithm: 'fixed', weights: null })
    const unknown = await ask('PUT', '', { weights: [{ copy_id: 'nobody', weight: 1 }] })
    expect(unknown.body.error.code).toBe('copy.unknown')
  })
})

describe('the preview', () => {
  it('shows every copy, its size, what is missing and why it is not eligible', async () => {
    await activeTemplate()
    await ask('POST', '/variants', {
      copy_id: 'gold',
      vars: { subject: 'Gold {{ tier }}' },
      attrs: { plan: ['Gold', 'Black'] },
    })
    await ask('PUT', '', { copy_limit_bytes: 100 })
    const before = (await ask('GET', '')).body
    const { body } = await ask('POST', '/preview', { fields: { first_name: 'A'.repeat(100) }, attrs: { plan: 'FREE' } })
    const [gold, warm] = body.copies
    expect(gold).toMatchObject({
      eligible: false,
      missing_fields: ['tier'],
      oversize: false,
      vars: { subject: 'Gold ' },
    })
    expect(gold.reasons).toEqual(['The attribute "plan" is "free"; allowed: "gold", "black".'])
    expect(warm).toMatchObject({ eligible: true, reasons: [], missing_fields: [], oversize: true })
    expect(warm.copy_bytes).toBe(Buffer.byteLength(JSON.stringify({ id: 'warm', vars: warm.vars })))
    const unknown = (await ask('POST', '/preview', {})).body.copies[0]
    expect(unknown.reasons).toEqual(['The attribute "plan" is not given; allowed: "gold", "black".'])
    expect((await ask('GET', '')).body).toEqual(before)
  })
})

describe('what an org may have', () => {
  it('is at most so many templates, of which each can still be changed', async () => {
    await managed.settings.putOrg(orgNamed('full'))
    const ids = Array.from({ length: maxTemplates }, (_, at) => templateOf(`t_${at}`, { status: 'draft' }))
    await Promise.all(ids.map((one) => managed.settings.putTemplate(orgOf('full'), one)))
    const put = (id: string) =>
      managed.ask(['org:full:admin'], 'PUT', `/api/orgs/full/templates/${id}`, { body: { name: 'Named' } })
    const [more, standing] = [await put('one_more'), await put('t_7')]
    expect([more.status, more.body.error.code]).toEqual([409, 'template.too_many'])
    expect(standing.status).toBe(200)
  })

  it('is at most so many copies of one template, archived ones too', async () => {
    await activeTemplate()
    const id = templateIdOf(template)
    const archived = Array.from({ length: maxCopiesPerTemplate - 1 }, (_, at) =>
      variantOf(`c_${at}`, { status: 'archived' }),
    )
    await Promise.all(archived.map((one) => managed.settings.putVariant(orgOf('acme'), id, one)))
    const more = await ask('POST', '/variants', { copy_id: 'one_more', vars })
    expect([more.status, more.body.error.code]).toEqual([409, 'copy.too_many'])
  })

  it('is at most so many metrics, sources and variables, which the answer says', async () => {
    const metrics = Array.from({ length: maxMetrics + 1 }, (_, at) => ({ name: `event_${at}` }))
    const settings = await managed.ask(['org:acme:admin'], 'PUT', '/api/orgs/acme/settings', { body: { metrics } })
    expect([settings.status, settings.body.error.code]).toEqual([422, 'body.invalid'])
    expect(JSON.stringify(settings.body.error.details)).toContain(String(maxMetrics))
    await ask('PUT', '', { name: 'Welcome' })
    const sources = Array.from({ length: maxSourcesPerTemplate + 1 }, (_, at) => ({ source: `campaign:${at}` }))
    const integration = await ask('PUT', '/integration', { sources })
    expect([integration.status, integration.body.error.code]).toEqual([422, 'body.invalid'])
  })
})
