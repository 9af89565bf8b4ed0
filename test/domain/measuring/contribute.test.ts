// What outcomes add to results where no script goes: calls of a webhook, and names that nobody documented.
import { describe, expect, it } from 'vitest'
import { actionIdSchema } from '../../../contract/ids.ts'
import { contribute } from '../../../lambdas/domain/measuring/contribute.ts'
import { metricsInForce } from '../../../lambdas/domain/measuring/metric-rules.ts'
import { planPersons } from '../../../lambdas/domain/measuring/plan-measurement.ts'
import { deliveryEvent, integration, send, templateId } from '../../support/placed.ts'

const metrics = metricsInForce(undefined)
const webhookAction = actionIdSchema.parse('41')

/** The cells of a call by its action, in a campaign whose integration lists one webhook action. */
function cellsOfCall(actionId: string | undefined, metric = 'sent') {
  const call = deliveryEvent(metric, 0, {
    channel: 'webhook',
    ...(actionId !== undefined && { actionId: actionIdSchema.parse(actionId) }),
  })
  const subjects = [{ subjectId: 'd1', messages: [call], serves: [], customs: [] }]
  const found = integration({ webhookActionIds: [webhookAction] })
  const reads = { subjects, stored: [], customs: new Map(), crowds: new Set<never>() }
  return planPersons(reads, { identifier: 'id', metrics }, () => found, 100).cells
}

it('a send of which a limit kept events from being looked at says so in its cell', () => {
  const cut = ({ cut }: { cut?: true }) =>
    contribute(send(0, { templateId, arm: 'control', ...(cut && { cut }) }))[0]?.counts
  expect(cut({ cut: true })).toEqual({ ...cut({}), events_cut: 1 })
})

describe('a call of a webhook', () => {
  it('is the template’s action when the integration lists it', () => {
    expect(cellsOfCall('41')).toMatchObject([{ cell: { group: 'action', name: '41' }, counts: { calls: 1, sent: 1 } }])
  })

  it.each(['44', undefined])('is counted apart when it is not listed (%s)', (action) => {
    expect(cellsOfCall(action)).toMatchObject([
      { cell: { group: 'other_action', name: action ?? '' }, counts: { calls: 1, sent: 1 } },
    ])
  })

  it('counts a metric that nobody documented by its name', () => {
    expect(cellsOfCall('41', 'sparkled')).toMatchObject([
      { cell: { group: 'action' }, counts: { calls: 1, events: 1 } },
      { cell: { group: 'other', name: 'metric:sparkled' }, counts: { deliveries: 1 } },
    ])
  })
})

it('of a delivery with many undocumented metrics the first four by alphabet count', () => {
  const names = ['zeta', 'eta', 'beta', 'theta', 'alpha', 'delta']
  const others = contribute(send(0, { templateId, arm: 'control', metrics: ['sent', ...names] }))
    .filter(({ cell }) => cell.group === 'other')
    .map(({ cell }) => cell.name)
  expect(others).toEqual(['metric:alpha', 'metric:beta', 'metric:delta', 'metric:eta'])
})
