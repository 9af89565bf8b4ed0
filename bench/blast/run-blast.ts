// Takes a blast through the product: its own stores keep what arrives, its own measuring is called with batches of what was
// kept. Counts the units of each path. A batch is measured before the next one arrives, which folds the least; and nobody else
// measures meanwhile, so no race is lost.
import type { DynamoDBRecord } from 'aws-lambda'
import { makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeMeasureReads } from '../../lambdas/store/measure-reads.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { type Services, tables } from '../services.ts'
import { StoredItems } from '../units/stored-items.ts'
import { meter, type Units } from '../units/unit-meter.ts'
import type { Arrival } from './blast.ts'
import { makeKeeper } from './keep-arrival.ts'

export interface BlastUnits {
  readonly events: number
  readonly serves: number
  readonly purchases: number
  readonly invocations: number
  readonly receive: Units
  readonly serve: Units
  readonly measure: Units
}

export async function runBlast(services: Services, blast: readonly Arrival[], batchSize: number): Promise<BlastUnits> {
  const stored = new StoredItems()
  const clients = { receive: services.client(), serve: services.client(), measure: services.client() }
  const units = {
    receive: meter(clients.receive, stored),
    serve: meter(clients.serve, stored),
    measure: meter(clients.measure, stored),
  }
  const keep = makeKeeper(clients.receive, clients.serve)
  const measure = makeMeasureOutcomes({
    ...makeMeasureReads(clients.measure, tables),
    outcomes: makeOutcomeStore(clients.measure, tables),
    random: Math.random,
    pause: async () => undefined,
    log: () => undefined,
    tellMetrics: () => undefined,
    now: Date.now,
  })
  let invocations = 0
  for (let from = 0; from < blast.length; from += batchSize) {
    const batch = blast.slice(from, from + batchSize)
    const Records: DynamoDBRecord[] = []
    for (const arrival of batch) Records.push(await keep(arrival))
    const { batchItemFailures } = await measure({ Records })
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} records were not measured`)
    invocations++
  }
  for (const client of Object.values(clients)) client.destroy()
  const serves = blast.filter(({ kind }) => kind === 'serve').length
  const purchases = blast.filter(({ kind }) => kind === 'purchase').length
  return { events: blast.length - serves - purchases, serves, purchases, invocations, ...units }
}
