// A campaign at the stand-in for Customer.io with two people in it, one on each path.
import { demoWorkspace } from '../../commands/demo-customerio.ts'
import { call, customerio, type DemoStack } from './local-stack.ts'

/** One person takes the path with JustAI's copy and one the other, and Customer.io reports what became of both. */
export async function takeBothPaths(stack: DemoStack, org: string, apiKey: string): Promise<void> {
  const served = await call(stack, `/api/generate/${org}`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json', 'x-cio-delivery-id': 'call-ann' },
    body: JSON.stringify({ template_id: 'welcome_email', user_id: 'ann', fields: { first_name: 'Ann' } }),
  })
  if (served.status !== 200) throw new Error(`generate answered ${served.status}`)
  const at = Math.floor(Date.now() / 1_000) + 1
  const happen = (channel: string, metric: string, who: string, data: object) => {
    const path = { campaign_id: 23, identifiers: { id: who }, journey_id: `journey-${who}` }
    const event = { object_type: channel, metric, timestamp: at, data: { ...path, ...data } }
    return customerio(stack, 'POST', '/events', { workspace: demoWorkspace.id, event })
  }
  await happen('webhook', 'sent', 'ann', { delivery_id: 'call-ann', action_id: 41 })
  for (const [who, action_id] of [
    ['ann', 43],
    ['bea', 42],
  ] as const)
    for (const metric of ['sent', 'delivered', 'opened', 'clicked', 'converted'])
      await happen('email', metric, who, { delivery_id: `mail-${who}`, action_id })
}
