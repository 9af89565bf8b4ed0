import { expect, test } from 'vitest'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { settingsCacheMs, unknownOrgCacheMs } from '../../contract/limits.ts'
import type { Org } from '../../contract/org.ts'
import { makeOrgLookup } from '../../lambdas/runtime/org-lookup.ts'

const org = orgSlugSchema.parse('acme')
const acme: Org = { org, name: 'Acme', personIdentifier: 'id', currency: 'USD', webhookSignature: 'none' }

function lookup() {
  const state = { nowMs: 0, reads: 0, stored: new Map<OrgSlug, Org>(), down: false }
  const findOrg = async (slug: OrgSlug) => {
    state.reads++
    if (state.down) throw new Error('down')
    return state.stored.get(slug)
  }
  return { state, find: makeOrgLookup(findOrg, () => state.nowMs) }
}

test('keeps an org for ten seconds', async () => {
  const { state, find } = lookup()
  state.stored.set(org, acme)
  await find(org)
  state.stored.set(org, { ...acme, webhookSignature: 'required' })
  state.nowMs = settingsCacheMs - 1
  expect(await find(org)).toMatchObject({ webhookSignature: 'none' })
  state.nowMs = settingsCacheMs
  expect(await find(org)).toMatchObject({ webhookSignature: 'required' })
  expect(state.reads).toBe(2)
})

test('takes an org that is not there to be unknown for two seconds only', async () => {
  const { state, find } = lookup()
  expect(await find(org)).toBeUndefined()
  state.stored.set(org, acme)
  state.nowMs = unknownOrgCacheMs - 1
  expect(await find(org)).toBeUndefined()
  state.nowMs = unknownOrgCacheMs
  expect(await find(org)).toEqual(acme)
  expect(state.reads).toBe(2)
})

test('keeps no failure', async () => {
  const { state, find } = lookup()
  state.stored.set(org, acme)
  state.down = true
  await expect(find(org)).rejects.toThrow('down')
  state.down = false
  expect(await find(org)).toEqual(acme)
})
