// A guardrail's stop lifted by HTTP: who may, what is kept of it, and that results tell of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allocationSchema } from '../../contract/allocation.ts'
import { liftCopyStop } from '../../lambdas/flows/manage/stops.ts'
import { saveAllocation } from '../../lambdas/store/allocations.ts'
import { orgOf, templateIdOf, templateOf, variantOf } from '../support/copy-settings.ts'
import { type Managed, startManaged } from '../support/managed.ts'
import { type Serve, serveAll } from '../support/served.ts'

const acme = orgOf('acme')
const welcome = templateIdOf('welcome')
const path = '/api/orgs/acme/templates/welcome'
const stop = { copyId: 'a', guardrail: 'spammed', share: 0.06, controlShare: 0.001, worseByAtLeast: 0.04 }
const body = { reason: '  A blocklist had us by mistake; the provider confirmed it.  ' }

let managed: Managed
let serve: Serve
beforeAll(async () => {
  managed = await startManaged()
  serve = serveAll(managed)
  await managed.settings.putTemplate(acme, templateOf('welcome'))
  for (const id of ['a', 'b']) await managed.settings.putVariant(acme, welcome, variantOf(id))
  const { database, clock } = managed
  const stored = allocationSchema.parse({
    templateId: 'welcome',
    version: 1,
    metric: 'clicked',
    floor: 0.05,
    maturedThrough: '2026-11-20',
    computedAtMs: clock.nowMs,
    algorithm: 'thompson',
    basis: 'learned',
    weights: [{ copyId: 'b', weight: 1 }],
    computedFrom: [],
    stopped: [stop],
  })
  await saveAllocation(database.client, database.tables.settings, acme, stored)
})
afterAll(() => managed.issuer.close())

const lift = (copy: string, asked: object = { body }, role = 'admin') =>
  managed.ask([`org:acme:${role}`], 'POST', `${path}/variants/${copy}/lift-stop`, asked)

describe('a stop', () => {
  it('is not lifted by a viewer, without a reason, or where there is none', async () => {
    expect((await lift('a', { body }, 'viewer')).status).toBe(403)
    for (const reason of ['', '   ', 'x'.repeat(501), 5]) {
      expect((await lift('a', { body: { reason } })).body.error.code).toBe('body.invalid')
    }
    expect((await lift('a', { body: {} })).body.error.code).toBe('body.invalid')
    for (const copy of ['b', 'nothing']) {
      expect(await lift(copy)).toMatchObject({ status: 409, body: { error: { code: 'copy.not_stopped' } } })
    }
    expect((await managed.settings.findTemplate(acme, welcome))?.allocation?.version).toBe(1)
  })

  it('is lifted by an admin who says why: a new version, an entry in the log, and results that say who and when', async () => {
    const lifted = {
      copy_id: 'a',
      guardrail: 'spammed',
      lifted_at: '2026-11-24T10:00:00.000Z',
      lifted_by: expect.stringMatching(/^user:/),
      reason: 'A blocklist had us by mistake; the provider confirmed it.',
    }
    expect(await lift('a')).toMatchObject({ status: 200, body: { version: 2, lifted } })
    const found = await managed.settings.findTemplate(acme, welcome)
    expect(found?.allocation).toMatchObject({ version: 2, stopped: [], weights: [{ copyId: 'b', weight: 1 }] })
    const log = await managed.ask(['org:acme:admin'], 'GET', '/api/orgs/acme/audit')
    expect(log.body.entries[0]).toMatchObject({
      action: 'POST /api/orgs/{org}/templates/{template}/variants/{copy}/lift-stop',
      what: 'template:welcome',
      before: { stopped: ['a'] },
      after: { stopped: [], copy_id: 'a', guardrail: 'spammed', reason: lifted.reason },
    })
    const headers = { authorization: `Bearer ${await managed.issuer.token(['org:acme:viewer'])}` }
    const { text } = await serve('GET', `${path}/results`, { headers })
    expect(JSON.parse(text)).toMatchObject({ stopped: [], lifted: [lifted] })
  })

  it('is lifted once: the second finds none', async () => {
    expect((await lift('a')).body.error.code).toBe('copy.not_stopped')
  })

  it('is not lifted over weights that were computed meanwhile', async () => {
    const { database, settings } = managed
    const standing = (await settings.findTemplate(acme, welcome))?.allocation
    if (standing === undefined) throw new Error('there is a version')
    const again = { ...standing, stopped: allocationSchema.shape.stopped.parse([stop]) }
    await saveAllocation(database.client, database.tables.settings, acme, { ...again, version: 3 })
    const late = liftCopyStop({
      ...managed.deps,
      changeAllocation: async (...change) => {
        await saveAllocation(database.client, database.tables.settings, acme, { ...again, version: 4 })
        return managed.deps.changeAllocation(...change)
      },
    })
    const call = {
      org: acme,
      who: 'user:ann',
      action: 'lift',
      path: { template: 'welcome', copy: 'a' },
      query: {},
      body,
      signal: AbortSignal.timeout(5_000),
    }
    await expect(late(call)).rejects.toMatchObject({ code: 'settings.changed' })
    expect((await settings.findTemplate(acme, welcome))?.allocation).toMatchObject({ version: 4, stopped: [stop] })
  })
})
