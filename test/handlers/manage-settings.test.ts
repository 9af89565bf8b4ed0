import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileMembers } from '../../contract/file-columns.ts'
import { orgLimits } from '../../contract/rate-limit.ts'
import { readColumns } from '../../lambdas/domain/files/read-columns.ts'
import { admitWebhook } from '../../lambdas/flows/admit-webhook.ts'
import { putSettings } from '../../lambdas/flows/manage/settings.ts'
import { makeManage } from '../../lambdas/handlers/manage.ts'
import { listPending } from '../../lambdas/store/pending-restatements.ts'
import { makeSetRateLimit } from '../../lambdas/store/rate-limits.ts'
import { apiEvent } from '../support/api-event.ts'
import { signAsCio } from '../support/cio-signer.ts'
import { orgOf } from '../support/copy-settings.ts'
import { type Asked, type Managed, orgNamed, startManaged } from '../support/managed.ts'

let managed: Managed
beforeAll(async () => {
  managed = await startManaged()
})
afterAll(() => managed.issuer.close())

/** A new org of its own for each test. */
async function freshOrg(slug: string) {
  await managed.settings.putOrg(orgNamed(slug))
  const path = `/api/orgs/${slug}/settings`
  const admin = [`org:${slug}:admin`]
  return {
    read: () => managed.ask(admin, 'GET', path),
    put: (body: unknown, headers: Asked['headers'] = {}) => managed.ask(admin, 'PUT', path, { body, headers }),
  }
}

const firstKey = 'signing-key-number-one-1111'
const secondKey = 'signing-key-number-two-2222'

describe('the settings of an org', () => {
  it('are shown with where its webhook must point, and no secret', async () => {
    const { read } = await freshOrg('shown')
    const { status, body, headers } = await read()
    expect(status).toBe(200)
    expect(headers.etag).toBe('"0"')
    expect(body).toMatchObject({ org: 'shown', region: 'us', person_identifier: 'id', signing_key: null })
    expect(body.webhook_url).toBe('https://api.example/api/webhook/cio/shown')
  })

  it('show the limits in force: the usual ones, or what an operator set', async () => {
    const { read, put } = await freshOrg('limited')
    expect((await read()).body.limits).toEqual({
      generate: { per_second: orgLimits.generate.perSecond, burst: orgLimits.generate.burst },
      events: { per_second: orgLimits.events.perSecond, burst: orgLimits.events.burst },
    })
    const { client, tables } = managed.database
    const setLimit = makeSetRateLimit(client, tables.settings)
    expect(await setLimit(orgOf('limited'), 'events', { perSecond: 7, burst: 70 })).toBeUndefined()
    expect((await read()).body.limits).toMatchObject({ events: { per_second: 7, burst: 70 } })
    expect((await put({ name: 'Limited' })).body.limits).toMatchObject({ events: { per_second: 7, burst: 70 } })
    expect((await put({ limits: { events: { per_second: 8, burst: 80 } } })).status).toBe(422)
    expect(await setLimit(orgOf('limited'), 'events', undefined)).toEqual({ perSecond: 7, burst: 70 })
    expect((await read()).body.limits.events.per_second).toBe(orgLimits.events.perSecond)
  })

  it('change where the body names them and stay where it does not', async () => {
    const { read, put } = await freshOrg('partly')
    await put({ region: 'eu', workspace: { id: '13', name: 'Production' } })
    const { body, headers } = await put({ name: 'Partly Ltd', max_signature_age_seconds: 600 })
    expect(body).toMatchObject({ name: 'Partly Ltd', region: 'eu', workspace: { id: '13' }, currency: 'USD' })
    expect(headers.etag).toBe('"2"')
    expect((await read()).body).toEqual(body)
    const taken = await put({ workspace: null, max_signature_age_seconds: null })
    expect(taken.body).toMatchObject({ workspace: null, max_signature_age_seconds: null, region: 'eu' })
  })

  it('refuse a change made from what no longer stands', async () => {
    const { put } = await freshOrg('raced')
    const first = await put({ name: 'One' }, { 'if-match': '"0"' })
    expect(first.status).toBe(200)
    const second = await put({ name: 'Two' }, { 'if-match': '"0"' })
    expect([second.status, second.body.error.code]).toEqual([412, 'settings.changed'])
  })

  it('let one of many changes at once through, and tell the others', async () => {
    const { put, read } = await freshOrg('many')
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => put({ name: `Name ${at}` }, { 'if-match': '"0"' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412, 412, 412])
    const winner = answers.find(({ status }) => status === 200)
    expect((await read()).body.name).toBe(winner?.body.name)
  })

  it.each([
    [{ currency: 'usd' }, 'currency'],
    [{ signing_key: 'short' }, 'signing_key'],
    [{ signing_key: null }, 'signing_key'],
    [{ person_identifier: 'phone' }, 'person_identifier'],
    [{ nickname: 'x' }, ''],
  ])('refuse %j and name the member, not the value', async (body, path) => {
    const { put } = await freshOrg('strict')
    const answer = await put(body)
    expect([answer.status, answer.body.error.code]).toEqual([422, 'body.invalid'])
    expect(answer.body.error.details[0].path).toBe(path)
  })

  it('freeze the identifier of persons once a key or a campaign could have brought events', async () => {
    const { put } = await freshOrg('joined')
    expect((await put({ person_identifier: 'email' })).status).toBe(200)
    await managed.makeKey('joined', ['generate'])
    const answer = await put({ person_identifier: 'id' })
    expect([answer.status, answer.body.error.code]).toEqual([409, 'settings.fixed'])
    expect((await put({ person_identifier: 'email' })).status).toBe(200)
  })
})

describe('the metrics of an org', () => {
  it('are defined with defaults for what is left out, and ask for what they change to be counted anew', async () => {
    const { put, read } = await freshOrg('counting')
    const { body } = await put({
      metrics: [{ name: 'purchase', window_seconds: 604_800 }],
      metric_defaults: { model: 'first' },
    })
    const rules = { delay_seconds: 0, anchor: 'sent', scope: 'template', value: 'sum', currency: null }
    expect(body.metrics).toEqual([{ name: 'purchase', window_seconds: 604_800, model: 'last', ...rules }])
    expect(body.metric_defaults).toMatchObject({ window_seconds: 1_209_600, model: 'first' })
    const { client, tables } = managed.database
    const pending = () => listPending(client, tables.settings, orgOf('counting'))
    expect((await pending()).map(({ restatement }) => restatement.what)).toEqual([{ kind: 'metrics' }])
    expect(managed.told).toEqual(['counting metrics'])
    await put({ name: 'Counting' })
    expect(managed.told).toEqual(['counting metrics'])
    await put({ metric_defaults: null, metrics: [] })
    expect((await read()).body).toMatchObject({ metric_defaults: null, metrics: [] })
  })

  it('are changed also when word of it cannot be sent: the schedule finds it', async () => {
    const { deps, logged } = managed
    const down = { ...deps, sendRestatement: () => Promise.reject(new Error('the queue is down')) }
    const asked = { headers: { 'x-api-key': await managed.makeKey('other', ['admin']) } }
    const event = apiEvent('PUT', '/api/orgs/other/settings', { ...asked, body: '{"metrics":[{"name":"sale"}]}' })
    expect((await makeManage(down)(event, {} as never)).statusCode).toBe(200)
    expect(logged.join()).toContain('the queue is down')
    const { client, tables } = managed.database
    expect(await listPending(client, tables.settings, orgOf('other'))).toHaveLength(1)
  })

  it('each have one definition', async () => {
    const { put } = await freshOrg('doubly')
    const answer = await put({ metrics: [{ name: 'purchase' }, { name: 'purchase' }] })
    expect(answer.body.error).toMatchObject({ code: 'body.invalid', details: [{ path: 'metrics' }] })
  })
})

describe('the secrets of an org', () => {
  it('are stored, and only their last four characters are told', async () => {
    const { put, read } = await freshOrg('kept')
    const { body } = await put({ app_api_key: 'app-key-of-kept-9876', signing_key: firstKey })
    expect(body.app_api_key).toEqual({ last_four: '9876', since: '2026-11-24T10:00:00.000Z' })
    expect(managed.secrets.get('kept')).toEqual({ appApiKey: 'app-key-of-kept-9876', signingKey: firstKey })
    const shown = JSON.stringify((await read()).body)
    expect(shown).not.toContain('app-key-of-kept')
    expect(shown).not.toContain('signing-key-number')
  })

  it('rotate: the former signing key goes on being accepted until it is taken away', async () => {
    const { put } = await freshOrg('rotated')
    await put({ signing_key: firstKey })
    managed.clock.nowMs += 60_000
    const rotated = await put({ signing_key: secondKey })
    expect(rotated.body.previous_signing_key).toEqual({ last_four: '1111', since: '2026-11-24T10:00:00.000Z' })
    expect(rotated.body.signing_key).toEqual({ last_four: '2222', since: '2026-11-24T10:01:00.000Z' })
    expect(await admitted('rotated', firstKey)).toBe(true)
    expect(await admitted('rotated', secondKey)).toBe(true)
    const again = await put({ signing_key: secondKey })
    expect(again.body.previous_signing_key).toMatchObject({ last_four: '1111' })
    const ended = await put({ previous_signing_key: null })
    expect(ended.body.previous_signing_key).toBeNull()
    expect(await admitted('rotated', firstKey)).toBe(false)
    expect(await admitted('rotated', secondKey)).toBe(true)
    managed.clock.nowMs -= 60_000
  })

  it('end the acceptance of unsigned webhooks from the first signing key on', async () => {
    const { put } = await freshOrg('signed')
    expect(await admitted('signed', undefined)).toBe(true)
    await put({ signing_key: firstKey })
    expect(await admitted('signed', undefined)).toBe(false)
  })

  it('that cannot be written leave the settings as they were, and the next try succeeds after the hold', async () => {
    const { put, read } = await freshOrg('broken')
    const { write } = managed.deps.secrets
    const before = (await read()).body
    Reflect.set(managed.deps.secrets, 'write', async () => Promise.reject(new Error('no answer')))
    expect((await put({ signing_key: firstKey, name: 'Changed' })).status).toBe(503)
    Reflect.set(managed.deps.secrets, 'write', write)
    expect((await read()).body).toEqual(before)
    expect((await put({ signing_key: firstKey })).status).toBe(412)
    managed.clock.nowMs += 10_000
    expect((await put({ signing_key: firstKey })).status).toBe(200)
    managed.clock.nowMs -= 10_000
  })

  it('whose change broke off between its two writes are told as they are once it is repeated', async () => {
    const { put } = await freshOrg('crashed')
    await put({ signing_key: firstKey })
    const { changeOrg } = managed.deps
    // The second write of the org, after the secret, is the one that does not come.
    let writes = 0
    Reflect.set(managed.deps, 'changeOrg', async (...given: Parameters<typeof changeOrg>) => {
      writes++
      if (writes === 2) throw new Error('killed')
      return changeOrg(...given)
    })
    managed.clock.nowMs += 60_000
    expect((await put({ signing_key: secondKey })).status).toBe(503)
    Reflect.set(managed.deps, 'changeOrg', changeOrg)
    expect(await admitted('crashed', firstKey)).toBe(true)
    expect(await admitted('crashed', secondKey)).toBe(true)
    managed.clock.nowMs += 60_000
    const { body } = await put({ signing_key: secondKey })
    expect(body.signing_key).toEqual({ last_four: '2222', since: '2026-11-24T10:02:00.000Z' })
    expect(body.previous_signing_key).toEqual({ last_four: '1111', since: '2026-11-24T10:00:00.000Z' })
    managed.clock.nowMs -= 120_000
  })

  it('are not written once the time for the answer is up', async () => {
    await freshOrg('late')
    const late: unknown[] = []
    const secrets = {
      read: async () => {
        await new Promise((resolve) => setTimeout(resolve, 30))
        return {}
      },
      write: async (...given: unknown[]) => void late.push(given),
    }
    const action = putSettings({ ...managed.deps, secrets })
    const call = {
      org: orgOf('late'),
      who: 'user:ann',
      action: 'PUT',
      path: {},
      query: {},
      body: { signing_key: firstKey },
    }
    await expect(action({ ...call, signal: AbortSignal.timeout(5) })).rejects.toThrow()
    expect(late).toEqual([])
  })

  it('that cannot be read never mean that no signature is needed', async () => {
    const { put } = await freshOrg('unread')
    await put({ signing_key: firstKey })
    managed.secrets.delete('unread')
    await expect(admitted('unread', undefined)).resolves.toBe(false)
    await expect(admitted('unread', firstKey)).rejects.toThrow()
  })
})

/** Whether the webhook lets a body in that is signed with this key, or with none. */
async function admitted(slug: string, key: string | undefined): Promise<boolean> {
  const timestamp = String(Math.floor(managed.clock.nowMs / 1_000))
  const body = Buffer.from('{}')
  const secrets = { get: async () => managed.secrets.get(slug) ?? {}, refresh: async () => undefined }
  const signed = key === undefined ? {} : { timestamp, signature: signAsCio(key, timestamp, '{}') }
  const deps = { findOrg: managed.settings.findOrg, secrets, now: () => managed.clock.nowMs }
  const admission = await admitWebhook(deps, orgOf(slug), {
    timestamp: undefined,
    signature: undefined,
    ...signed,
    body,
  })
  return admission.admitted
}

describe('an org’s own names of columns', () => {
  const columns = [
    { member: 'user_id', column: 'Customer No' },
    { member: 'value', column: 'amount' },
  ]

  it('are set as a whole, read by loading files, and taken away by none', async () => {
    const { put, read } = await freshOrg('columns')
    expect((await read()).body.file_columns).toEqual([])
    expect((await put({ file_columns: columns })).body.file_columns).toEqual(columns)
    expect((await managed.settings.findOrg(orgOf('columns')))?.fileColumns).toEqual(columns)
    await put({ name: 'Columns Ltd' })
    expect((await read()).body.file_columns).toEqual(columns)
    expect((await put({ file_columns: [] })).body.file_columns).toEqual([])
  })

  it('are of members that events have', () => {
    for (const member of fileMembers) {
      expect(readColumns(['Mine'], [{ member, column: 'mine' }])).toMatchObject({ columns: [member], unknown: [] })
    }
  })

  it.each([
    ['a member that no event has', [{ member: 'colour', column: 'x' }], 'file_columns[0].member'],
    ['a blank name', [{ member: 'value', column: ' ' }], 'file_columns[0].column'],
    ['a name of two lines', [{ member: 'value', column: 'a\nb' }], 'file_columns[0].column'],
    ['a member twice', [...columns, { member: 'value', column: 'total' }], 'file_columns'],
    ['a column twice', [...columns, { member: 'name', column: ' AMOUNT' }], 'file_columns'],
  ])('are refused with %s', async (_, file_columns, path) => {
    const { put } = await freshOrg('refused-columns')
    const { status, body } = await put({ file_columns })
    expect([status, body.error.code, body.error.details[0].path]).toEqual([422, 'body.invalid', path])
  })
})
