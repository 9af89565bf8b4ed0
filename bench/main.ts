// `npm run bench`: what a call costs in time, size and money, next to the least that it could. `--json` prints the figures for
// machines and nothing else; `--only units` measures one part. Ends with 0 whether or not an aim is met: tests hold aims, this tells.
import { parseArgs } from 'node:util'
import { measureAllocation } from './allocation/measure-allocation.ts'
import { measureAnswers } from './answers/measure-answers.ts'
import { measureCalls } from './calls/measure-calls.ts'
import { measureCorrelation } from './correlate/measure-correlation.ts'
import { type Figure, toJson, toTable } from './figure.ts'
import { measureFiles } from './files/measure-files.ts'
import { signingKey, storeOrg } from './org.ts'
import { type Services, startServices } from './services.ts'
import { measureSizes } from './size/measure-sizes.ts'
import { measureStack } from './stack/measure-stack.ts'
import { measureUnits } from './units/measure-units.ts'

type Tell = (progress: string) => void

/** In the order in which they run; each stands alone. */
const parts = {
  calls: (tell: Tell) => withServices((services, apiKey) => measureCalls(services, apiKey, tell)),
  size: measureSizes,
  units: (tell: Tell) => withServices((services) => measureUnits(services, tell)),
  allocation: measureAllocation,
  answers: async (tell: Tell) => measureAnswers(tell),
  files: measureFiles,
  correlate: measureCorrelation,
  stack: measureStack,
}

async function withServices(measure: (services: Services, apiKey: string) => Promise<Figure[]>): Promise<Figure[]> {
  const services = await startServices(JSON.stringify({ signingKey }))
  try {
    return await measure(services, await storeOrg(services.client()))
  } finally {
    await services.stop()
  }
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, only: { type: 'string' } } })
const chosen = Object.entries(parts).filter(([name]) => values.only === undefined || values.only === name)
if (chosen.length === 0) {
  console.error(`--only ${JSON.stringify(values.only)} is no part: the parts are ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}
const figures: Figure[] = []
for (const [, measure] of chosen) {
  figures.push(...(await measure(values.json ? () => undefined : (progress) => console.error(`… ${progress}`))))
}
console.log(values.json ? toJson(figures) : toTable(figures))
