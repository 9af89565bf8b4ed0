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
  const whole = await runBlast(services, makeBlast(sends, true), batchSize)
  tell('the same without serves')
  const unserved = await runBlast(services, makeBlast(sends, false), batchSize)
  return [...unitFigures(whole, unserved), ...priceFigures(whole, unserved)]
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
