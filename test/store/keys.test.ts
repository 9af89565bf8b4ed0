// No key of one org reaches another's items. Keys of results rows come apart as they were put together, also those written
// before custom events had cells.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellGroupSchema } from '../../contract/result-cell.ts'
import * as eventKeys from '../../lambdas/store/event-keys.ts'
import * as outcomeKeys from '../../lambdas/store/outcome-keys.ts'
import * as resultKeys from '../../lambdas/store/result-keys.ts'
import { parseResultsKey, resultsDayOf, resultsKey } from '../../lambdas/store/result-keys.ts'
import * as settingKeys from '../../lambdas/store/setting-keys.ts'
import { orgOf } from '../support/copy-settings.ts'

const org = orgOf('acme')

test('every cell comes back, whatever its event is called', () => {
  const cell = fc.record(
    {
      day: fc.constant('2026-11-23'),
      group: fc.constantFrom('treatment', 'control', 'unmapped', 'unsent', 'action', 'other'),
      name: fc.stringMatching(/^[A-Za-z0-9_:.-]{0,20}$/),
      stratum: fc.constantFrom('', 'v0', 'forced'),
      event: fc.oneof(
        fc.stringMatching(/^[A-Za-z0-9_.\- ]{1,64}$/),
        fc.constantFrom('event:', '__proto__', 'a#b', 'é %23'),
      ),
    },
    { requiredKeys: ['day', 'group', 'name', 'stratum'] },
  )
  const property = fc.property(cell, fc.nat(15), (drawn, shard) => {
    const given = { ...drawn, group: cellGroupSchema.parse(drawn.group) }
    const key = resultsKey(org, 'welcome', given, shard)
    expect(parseResultsKey(key)).toEqual({ org: 'acme', scope: 'welcome', cell: given, shard })
    expect(resultsDayOf(key.sk)).toBe('2026-11-23')
  })
  fc.assert(property, { numRuns: 500 })
})

test('an older row is a cell without an event; a row of another shape is none of ours', () => {
  const row = (sk: string) => parseResultsKey({ pk: 'acme#welcome', sk })
  expect(row('2026-11-23#treatment#a#v0#3')).toEqual({
    ...{ org: 'acme', scope: 'welcome', shard: 3 },
    cell: { day: '2026-11-23', group: 'treatment', name: 'a', stratum: 'v0' },
  })
  expect(row('2026-11-23#treatment#a#v0#other#3')).toBeUndefined()
  expect(row('2026-11-23#treatment#a#v0#event:x#more#3')).toBeUndefined()
})

type Builder = (org: string, ...rest: readonly unknown[]) => string | { pk: string; sk: string }
/** Every exported function that builds something for an org, which is always its first argument. */
const builders = Object.entries({ ...eventKeys, ...outcomeKeys, ...resultKeys, ...settingKeys }).flatMap(
  ([name, built]): [string, Builder][] =>
    typeof built === 'function' && /^function \w+\(org\b/.test(built.toString()) ? [[name, built as Builder]] : [],
)
/** What some are given besides; the others take any text. */
const given: Readonly<Record<string, readonly unknown[]>> = {
  customEventPartition: [{ kind: 'person', id: 'id:ann' }],
  serveKey: [{ kind: 'delivery', id: 'd1' }, 'welcome', 0],
  resultsKey: ['welcome', { day: '2026-11-23', group: 'treatment', name: 'a', stratum: '' }, 0],
  rangeKey: ['import', 'done', 0],
}
/** Lists that schedules read across orgs: the org is a part of the sort key. */
const acrossOrgs = ['restatementKey', 'restatementPrefix', 'openImportKey']

test('there are as many builders of keys as there should be to look at', () => {
  expect(builders.length).toBeGreaterThan(40)
})

test.each(builders)('%s names the org first, and never meets another org’s', (name, build) => {
  const orgsIn = (slug: string) => {
    const key = build(slug, ...(given[name] ?? ['a', 'b', 'c', 'd']))
    const partition = typeof key === 'string' ? key : key.pk
    const parts = acrossOrgs.includes(name) && typeof key === 'object' ? key.sk.split('#') : [partition.split('#')[0]]
    return parts.filter((part) => part?.startsWith('acme'))
  }
  expect([orgsIn('acme'), orgsIn('acme-2')]).toEqual([['acme'], ['acme-2']])
})
