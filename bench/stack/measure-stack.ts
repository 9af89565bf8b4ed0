// The whole stack from outside: from a webhook to the result that shows it, events through it in a second beside the puts
// that the same DynamoDB Local takes, and both again with ten times as much stored. Two cores share all of it.

import { setTimeout as sleep } from 'node:timers/promises'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { openDeployment } from '../../commands/deployment.ts'
import { type Deployment, readDeployment, readResults, reportEvent } from '../../commands/simulate/deployment.ts'
import { inLanes } from '../../lambdas/flows/in-lanes.ts'
import { type Figure, fact, median } from '../figure.ts'
import { startStack } from './stack-process.ts'

const lanes = 16
const visibleSamples = 40
const burstEvents = 600
const putSamples = 1_500
const growth = 10
const visibleLimitMs = 60_000

export async function measureStack(tell: (progress: string) => void): Promise<Figure[]> {
  tell('starting the whole stack')
  const stack = await startStack()
  try {
    const to = readDeployment(stack.readyFile, undefined)
    const { dynamodb, tables } = openDeployment({ 'ready-file': stack.readyFile })
    const put = async (at: number) => {
      const Item = marshall({ pk: `bench#${at}`, sk: 'put', kind: 'bench', body: 'x'.repeat(400) })
      await dynamodb.send(
        new PutItemCommand({ TableName: tables.events, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
      )
    }
    const sends = makeSends(to)
    await sends.report(100)
    await sends.untilVisible()
    tell('whole stack: puts, then events')
    const puts = perSecond(putSamples, await timed(() => inLanes(numbers(putSamples), lanes, put)))
    const first = await measureOnce(sends)
    const stored = sends.reported()
    tell(`whole stack: storing ${growth} times as much`)
    await sends.report(stored * (growth - 1))
    await sends.untilVisible()
    tell('whole stack: the same again')
    const grown = await measureOnce(sends)
    return [
      fact('webhook to visible result, median', first.visibleMs, 'ms'),
      fact('webhook to visible result, p99', first.visibleP99Ms, 'ms'),
      fact('puts a second that DynamoDB Local takes', puts, '/s'),
      against('events a second acknowledged', first.acknowledged, puts),
      against('events a second to visible results', first.counted, puts),
      against(`webhook to visible result, median, ${growth} times the data`, grown.visibleMs, first.visibleMs, 'ms'),
      fact(`webhook to visible result, p99, ${growth} times the data`, grown.visibleP99Ms, 'ms'),
      against(`events a second to visible results, ${growth} times the data`, grown.counted, first.counted),
    ]
  } finally {
    await stack.stop()
  }
}

/** Beside another figure of the same run; only told. */
function against(name: string, value: number, other: number, unit = '/s'): Figure {
  return { ...fact(name, value, unit), against: other, ratio: value / other }
}

type Sends = ReturnType<typeof makeSends>

async function measureOnce(sends: Sends) {
  const visible: number[] = []
  for (let at = 0; at < visibleSamples; at++) {
    visible.push(
      await timed(async () => {
        await sends.report(1)
        await sends.untilVisible()
      }),
    )
  }
  const startMs = performance.now()
  await sends.report(burstEvents)
  const acknowledgedMs = performance.now() - startMs
  await sends.untilVisible()
  const countedMs = performance.now() - startMs
  const sorted = visible.toSorted((a, b) => a - b)
  return {
    visibleMs: median(visible),
    visibleP99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0,
    acknowledged: perSecond(burstEvents, acknowledgedMs),
    counted: perSecond(burstEvents, countedMs),
  }
}

/** Sends of control, each reported by one webhook, and how many of them the results show. */
function makeSends(to: Deployment) {
  const run = Date.now().toString(36)
  let count = 0
  const reportOne = async (at: number) => {
    const id = `bench-${run}-${at}`
    const data = { identifiers: { id }, delivery_id: id, campaign_id: to.campaignId, action_id: to.controlActionId }
    const timestamp = Math.floor(Date.now() / 1_000) - 60
    await reportEvent(to, { event_id: id, object_type: 'email', metric: 'sent', timestamp, data })
  }
  const visible = async () => {
    const { arms } = await readResults(to, {})
    return arms.reduce((sum, { arm, counts }) => sum + (arm === 'control' ? (counts.sent ?? 0) : 0), 0)
  }
  return {
    reported: () => count,
    async report(many: number): Promise<void> {
      const from = count
      count += many
      await inLanes(numbers(many), lanes, (at) => reportOne(from + at))
    },
    async untilVisible(): Promise<void> {
      for (let startMs = performance.now(); (await visible()) < count; await sleep(5)) {
        const limitMs = visibleLimitMs + count * 50
        if (performance.now() - startMs > limitMs)
          throw new Error(`results did not show ${count} sends within ${limitMs} ms`)
      }
    },
  }
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

function perSecond(count: number, ms: number): number {
  return (count / ms) * 1_000
}
