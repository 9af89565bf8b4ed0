// Weights of all templates on DynamoDB Local: versions, races, and a serve under the version in force.
import { beforeAll, describe, expect, it } from 'vitest'
import type { OrgSlug, TemplateId } from '../../contract/ids.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import { weightsInForce } from '../../lambdas/domain/allocation/weights-in-force.ts'
import { chooseCopy } from '../../lambdas/domain/copy/choose-copy.ts'
import { readAttrs } from '../../lambdas/domain/copy/eligibility.ts'
import { type TemplateOfOrg, updateAllocations } from '../../lambdas/flows/update-allocations.ts'
import { listActiveTemplates, listAllocations, saveAllocation } from '../../lambdas/store/allocations.ts'
import { makeSettingsStore, type SettingsStore } from '../../lambdas/store/settings.ts'
import { copyIdOf, orgOf, templateIdOf, templateOf, variantOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { controlRow, dayAt, drawnRow } from '../support/result-rows.ts'

const nowMs = Date.parse(`${dayAt(20)}T12:00:00Z`)
const welcome = templateIdOf('welcome')
const better = [drawnRow(0, 'a', 0, { sent: 1_000, clicked: 100 }), drawnRow(0, 'b', 0, { sent: 1_000, clicked: 160 })]
const harm = [
  drawnRow(1, 'b', 1, { sent: 2_000, spammed: 200 }),
  drawnRow(1, 'a', 1, { sent: 2_000, spammed: 1 }),
  controlRow(1, { sent: 2_000, spammed: 1 }),
]

let database: TestDatabase
let settings: SettingsStore
let table: string
let orgs = 0
beforeAll(async () => {
  database = await makeTables()
  table = database.tables.settings
  settings = makeSettingsStore(database.client, table)
})

async function makeOrg(): Promise<OrgSlug> {
  const org = orgOf(`org-${orgs++}`)
  await settings.putTemplate(org, templateOf('welcome'))
  for (const id of ['a', 'b']) await settings.putVariant(org, welcome, variantOf(id))
  return org
}

async function* only(...templates: TemplateOfOrg[]) {
  yield templates
}

function update(rows: CellChange[], templates: AsyncIterable<readonly TemplateOfOrg[]>, failing?: OrgSlug) {
  const failed: string[] = []
  const deps = {
    listActiveTemplates: () => templates,
    findTemplate: settings.findTemplate,
    findOrg: settings.findOrg,
    readResults: async (org: OrgSlug) => {
      if (org === failing) throw new Error('no rows')
      return rows
    },
    save: (org: OrgSlug, next: Parameters<typeof saveAllocation>[3]) =>
      saveAllocation(database.client, table, org, next),
    now: () => nowMs,
    onStored: () => {},
    onFailed: ({ org }: TemplateOfOrg) => failed.push(org),
  }
  return updateAllocations(deps).then((totals) => ({ ...totals, named: failed }))
}

const versionsOf = async (org: OrgSlug, templateId: TemplateId = welcome) =>
  (await listAllocations(database.client, table, org, templateId, { from: 1, to: 99 })).map(({ version }) => version)

describe('a run', () => {
  it('stores a version, which is what the template comes with, and none again while nothing changes', async () => {
    const org = await makeOrg()
    const one = { org, templateId: welcome }
    expect(await update(better, only(one))).toMatchObject({ stored: 1, failed: 0 })
    const found = await settings.findTemplate(org, welcome)
    expect(found?.allocation).toMatchObject({ version: 1, basis: 'learned' })
    expect(found?.variants).toHaveLength(2)
    expect(await update(better, only(one))).toMatchObject({ stored: 0, unchanged: 1 })
    expect(await versionsOf(org)).toEqual([1])
  })

  it('lets one of several at once win, whole', async () => {
    const org = await makeOrg()
    const one = { org, templateId: welcome }
    const runs = await Promise.all(Array.from({ length: 6 }, () => update(better, only(one))))
    const total = (of: 'stored' | 'lost' | 'unchanged') => runs.reduce((sum, run) => sum + run[of], 0)
    expect(total('stored')).toBe(1)
    expect(total('stored') + total('lost') + total('unchanged')).toBe(6)
    expect(await versionsOf(org)).toEqual([1])
    expect(await update([...better, ...harm], only(one))).toMatchObject({ stored: 1 })
    expect(await versionsOf(org)).toEqual([1, 2])
  })

  it('goes on when a template fails, and names it', async () => {
    const [broken, sound] = [await makeOrg(), await makeOrg()]
    const both = only({ org: broken, templateId: welcome }, { org: sound, templateId: welcome })
    expect(await update(better, both, broken)).toMatchObject({ stored: 1, failed: 1, named: [broken] })
  })

  it('finds the active templates of every org, and nothing else that begins alike', async () => {
    const org = await makeOrg()
    await settings.putTemplate(org, templateOf('rested', { status: 'archived' }))
    await update(better, only({ org, templateId: welcome }))
    const found: TemplateOfOrg[] = []
    for await (const page of listActiveTemplates(database.client, table)) found.push(...page)
    expect(found.filter((each) => each.org === org)).toEqual([{ org, templateId: welcome }])
    expect(new Set(found.map((each) => each.org)).size).toBe(orgs)
  })
})

describe('a serve', () => {
  it('is drawn by the version in force, and says which and with what chance', async () => {
    const org = await makeOrg()
    await update(better, only({ org, templateId: welcome }))
    const found = await settings.findTemplate(org, welcome)
    if (found === undefined) throw new Error('the template is there')
    const draw = (at: number) =>
      chooseCopy(
        found.template,
        found.variants,
        { org, attrs: readAttrs({}) },
        weightsInForce(found.allocation),
        () => at,
      )
    const [a = 0] = found.allocation?.weights.map(({ weight }) => weight) ?? []
    expect(draw(0)).toMatchObject({ variant: { copyId: 'a' }, allocationVersion: 1, probability: a })
    expect(draw(a)).toMatchObject({ variant: { copyId: 'b' }, allocationVersion: 1, probability: 1 - a })
  })

  it('never gets a copy that was stopped', async () => {
    const org = await makeOrg()
    await update([...better, ...harm], only({ org, templateId: welcome }))
    const found = await settings.findTemplate(org, welcome)
    if (found === undefined) throw new Error('the template is there')
    const weights = weightsInForce(found.allocation)
    const wish = { org, attrs: readAttrs({}) }
    for (let at = 0; at < 1; at += 0.01) {
      expect(chooseCopy(found.template, found.variants, wish, weights, () => at).variant.copyId).toBe('a')
    }
    const onlyStopped = found.variants.filter(({ copyId }) => copyId === 'b')
    const none = expect.objectContaining({ code: 'copy.none_eligible' })
    const fallback = (id: string) => ({ ...found.template, fallbackCopyId: copyIdOf(id) })
    expect(() => chooseCopy(found.template, onlyStopped, wish, weights, Math.random)).toThrow(none)
    expect(() => chooseCopy(fallback('b'), onlyStopped, wish, weights, Math.random)).toThrow(none)
    const spare = [...onlyStopped, variantOf('spare', { attrs: { plan: ['none'] } })]
    expect(chooseCopy(fallback('spare'), spare, wish, weights, Math.random)).toMatchObject({
      variant: { copyId: 'spare' },
      choice: 'fallback',
    })
  })
})
