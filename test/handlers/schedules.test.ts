// Functions that a schedule calls for all orgs: what fails of one keeps none of the others, and is told as a metric.
import { describe, expect, it } from 'vitest'
import type { OrgSlug } from '../../contract/ids.ts'
import type { MetricValues } from '../../contract/metrics.ts'
import { type EvaluateAlertsDeps, makeEvaluateAlerts } from '../../lambdas/handlers/evaluate-alerts.ts'
import { makeUpdateAllocations } from '../../lambdas/handlers/update-allocations.ts'
import { orgOf, templateIdOf, templateOf, variantOf } from '../support/copy-settings.ts'
import { dayAt, drawnRow } from '../support/result-rows.ts'

const nowMs = Date.parse(`${dayAt(20)}T12:00:00Z`)
const hourMs = 3_600_000
const [bad, good] = [orgOf('bad'), orgOf('good')]

function notes() {
  const told: MetricValues[] = []
  const logged: string[] = []
  return {
    told,
    logged,
    tellMetrics: (values: MetricValues) => void told.push(values),
    log: (_level: string, message: string, fields: object = {}) =>
      void logged.push(`${message} ${Reflect.get(fields, 'org') ?? ''}`.trim()),
  }
}

describe('UpdateAllocations', () => {
  const better = [
    drawnRow(0, 'a', 0, { sent: 1_000, clicked: 100 }),
    drawnRow(0, 'b', 0, { sent: 1_000, clicked: 160 }),
  ]

  it('stores the weights of every template but the bad one, ends well, and tells how old those are', async () => {
    const { told, logged, ...tell } = notes()
    const stored: OrgSlug[] = []
    const template = { template: templateOf('t'), variants: [variantOf('a'), variantOf('b')] }
    const run = makeUpdateAllocations({
      ...tell,
      listActiveTemplates: async function* () {
        yield [bad, good].map((org) => ({ org, templateId: templateIdOf('t') }))
      },
      findTemplate: async (org) =>
        org === bad ? { ...template, allocation: { computedAtMs: nowMs - 5 * hourMs } as never } : template,
      findOrg: async () => undefined,
      readResults: async (org) => {
        if (org === bad) throw new Error('a row that does not parse')
        return better
      },
      save: async (org) => {
        stored.push(org)
        return 'stored'
      },
      now: () => nowMs,
    })
    expect(await run()).toMatchObject({ stored: 1, failed: 1 })
    expect(stored).toEqual([good])
    expect(told).toEqual([{ AllocationAge: 5 * 3_600 }])
    expect(logged.toSorted()).toEqual(['weights failed bad', 'weights stored good', 'weights updated'])
  })
})

describe('EvaluateAlerts', () => {
  it('looks at every org but the one that it cannot, and tells of how many it could not, and how many are refused', async () => {
    const { told, logged, ...tell } = notes()
    const looked: OrgSlug[] = []
    const deps: Partial<EvaluateAlertsDeps> = {
      ...tell,
      listOrgs: async () => [bad, good],
      readAlerts: async (org) => {
        if (org === bad) throw new Error('settings that do not parse')
        looked.push(org)
        return { settings: {} as never, destinations: [], firing: [] }
      },
      findOrg: async () => undefined,
      listSightings: async () =>
        [0, 1, 2].map((hours) => ({ what: 'signature.mismatch', atMs: nowMs - hours * hourMs, count: 1 })),
      now: () => nowMs,
    }
    await makeEvaluateAlerts(deps as EvaluateAlertsDeps)()
    expect(looked).toEqual([good])
    expect(told).toEqual([{ OrgsUnjudged: 1, OrgsRefused: 2 }])
    expect(logged).toEqual([
      'signatures refused for hours bad',
      'alerts failed bad',
      'signatures refused for hours good',
      'alerts evaluated',
    ])
  })
})
