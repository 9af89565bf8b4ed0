// Figures about money: DynamoDB's units for each reporting event and serve, by path, and what a million of them cost.

import { maxDollarsPerMillionEvents } from '../aims.ts'
import { makeBlast } from '../blast/blast.ts'
import { type BlastUnits, runBlast } from '../blast/run-blast.ts'
import { type Figure, fact, limited } from '../figure.ts'
import type { Services } from '../services.ts'
import { batchSize, billedMs, lambdaDollars, prices, unitDollars } from './prices.ts'
import type { Units } from './unit-meter.ts'

const sends = 1_000
const million = 1_000_000

export async function measureUnits(services: Services, tell: (progress: string) => void): Promise<Figure[]> {
  tell(`a blast of ${sends} messages`)
  const whole = await runBlast(services, makeBlast(sends, { served: true, bought: false }), batchSize)
  tell('the same without serves')
  const unserved = await runBlast(services, makeBlast(sends, { served: false, bought: false }), batchSize)
  tell('the same with a purchase after every send')
  const bought = await runBlast(services, makeBlast(sends, { served: true, bought: true }), batchSize)
  return [...unitFigures(whole, unserved), ...priceFigures(whole, unserved), ...purchaseFigures(whole, bought)]
}

function unitFigures(whole: BlastUnits, unserved: BlastUnits): Figure[] {
  const { events, serves, receive, serve, measure } = whole
  const by = [...measure.by].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return [
    fact('reporting event, receive: writes', receive.writes / events, 'units'),
    fact('reporting event, receive: reads', receive.reads / events, 'units'),
    fact('reporting event, measure, serves included: writes', measure.writes / events, 'units'),
    fact('reporting event, measure, serves included: reads', measure.reads / events, 'units'),
    ...by.map(([name, count]) => fact(`reporting event, measure: ${name}`, count / events, 'units')),
    fact('serve, generate: writes', serve.writes / serves, 'units'),
    fact('serve, generate: reads', serve.reads / serves, 'units'),
    fact('serve, measure: writes', (measure.writes - unserved.measure.writes) / serves, 'units'),
    fact('serve, measure: reads', (measure.reads - unserved.measure.reads) / serves, 'units'),
  ]
}

/** Measuring the serves is in the price of the reporting events, and told apart below it. */
function priceFigures(whole: BlastUnits, unserved: BlastUnits): Figure[] {
  const { events, serves, invocations, receive, serve, measure } = whole
  const measureLambda = (invocations / events) * lambdaDollars('MeasureOutcomes', billedMs.measureBatch)
  const receiveLambda = lambdaDollars('ReceiveCioWebhook', billedMs.receive)
  const perEvent = (units: Units) => unitDollars({ writes: units.writes / events, reads: units.reads / events })
  const eventDollars = prices.httpRequest + receiveLambda + perEvent(receive) + perEvent(measure) + measureLambda
  const generateDollars =
    prices.httpRequest + lambdaDollars('GenerateCopy', billedMs.generate) + unitDollars(serve) / serves
  const measuringServe = (unitDollars(measure) - unitDollars(unserved.measure)) / serves
  const inMillions = (name: string, dollars: number) => fact(name, dollars * million, 'dollars')
  return [
    limited('a million reporting events, all in', eventDollars * million, 'dollars', maxDollarsPerMillionEvents),
    inMillions('a million reporting events: HTTP API', prices.httpRequest),
    inMillions('a million reporting events: receiving Lambda', receiveLambda),
    inMillions('a million reporting events: receive, DynamoDB', perEvent(receive)),
    inMillions('a million reporting events: measure, writes', (measure.writes / events) * prices.writeUnit),
    inMillions('a million reporting events: measure, reads', (measure.reads / events) * prices.readUnit),
    inMillions('a million reporting events: measuring Lambda', measureLambda),
    inMillions('a million reporting events: the part for measuring serves', (measuringServe * serves) / events),
    inMillions('a million generate calls', generateDollars),
    inMillions('a million generate calls: measuring them, DynamoDB', measuringServe),
  ]
}

/** What an event of a customer costs once it is stored, when every one of them belongs to a send. */
function purchaseFigures(whole: BlastUnits, bought: BlastUnits): Figure[] {
  const { purchases, measure, invocations } = bought
  const writes = (measure.writes - whole.measure.writes) / purchases
  const reads = (measure.reads - whole.measure.reads) / purchases
  const lambda = lambdaDollars('MeasureOutcomes', billedMs.measureBatch)
  const dollars = unitDollars({ writes, reads }) + ((invocations - whole.invocations) / purchases) * lambda
  return [
    fact('custom event that a send earns, measure: writes', writes, 'units'),
    fact('custom event that a send earns, measure: reads', reads, 'units'),
    fact('a million custom events that sends earn: measuring them', dollars * million, 'dollars'),
  ]
}
