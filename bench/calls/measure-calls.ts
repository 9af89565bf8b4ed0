// CPU and wall of a call, of the deployed bundle next to the bare one: two processes, blocks of calls in turn, the first of a
// pair changing from pair to pair. Both write the same items into the same table, and it is checked that they did.
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { maxRatio } from '../aims.ts'
import { compared, type Figure } from '../figure.ts'
import { type Services, tables } from '../services.ts'
import { bareOf, entryFile, entryOf } from '../size/bundle-size.ts'
import { startMeasured, type Taken } from './measured-process.ts'
import { type Subject, subjectsOf } from './subjects.ts'

const pairs = 15
const callsPerBlock = 200
/** Calls of each side before anything counts, for the compiler. */
const warmUpBlocks = 4

/** @param apiKey of the stored org, for `generate` */
export async function measureCalls(
  services: Services,
  apiKey: string,
  tell: (progress: string) => void,
): Promise<Figure[]> {
  const client = services.client()
  const figures: Figure[] = []
  for (const subject of subjectsOf(services, apiKey)) {
    tell(`${subject.handler}: ${pairs} pairs of ${callsPerBlock} calls`)
    const before = await countItems(client)
    const blocks = await takeTurns(services, subject)
    const stored = (await countItems(client)) - before
    const called = 2 * (warmUpBlocks + pairs) * callsPerBlock
    if (stored !== called) throw new Error(`${subject.handler}: ${called} calls stored ${stored} items`)
    const pairsOf = (part: keyof Taken) => blocks.map(({ ours, bare }) => ({ ours: ours[part], bare: bare[part] }))
    figures.push(
      compared(`${subject.handler}: CPU per call`, 'µs', pairsOf('cpuUs'), maxRatio),
      compared(`${subject.handler}: wall per call`, 'µs', pairsOf('wallUs'), maxRatio),
    )
  }
  client.destroy()
  return figures
}

async function takeTurns(services: Services, subject: Subject): Promise<{ ours: Taken; bare: Taken }[]> {
  const env = { ...services.env, ...subject.env }
  const ours = await startMeasured(entryFile(entryOf(subject.handler)), env)
  const bare = await startMeasured(entryFile(bareOf[subject.handler]), env)
  let number = 0
  const oursOnce = () => ours.call(Array.from({ length: callsPerBlock }, () => subject.event(number++)))
  const bareOnce = async () => {
    const events: object[] = []
    for (let at = 0; at < callsPerBlock; at++) events.push(await subject.bareEvent(number++))
    return bare.call(events)
  }
  const blocks: { ours: Taken; bare: Taken }[] = []
  try {
    for (let pair = 0; pair < warmUpBlocks + pairs; pair++) {
      const first = pair % 2 === 0 ? undefined : await bareOnce()
      blocks.push({ ours: await oursOnce(), bare: first ?? (await bareOnce()) })
    }
  } finally {
    ours.stop()
    bare.stop()
  }
  return blocks.slice(warmUpBlocks)
}

async function countItems(client: DynamoDBClient): Promise<number> {
  let count = 0
  for await (const page of paginateScan({ client }, { TableName: tables.events, Select: 'COUNT' })) {
    count += page.Count ?? 0
  }
  return count
}
