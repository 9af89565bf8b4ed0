// `npm run bench`: what a call costs in time, size and money, next to the least that it could. `--json` prints the figures for
// machines and nothing else. Ends with 0 whether or not an aim is met: tests hold aims, this tells.
import { measureAllocation } from './allocation/measure-allocation.ts'
import { measureCalls } from './calls/measure-calls.ts'
import { measureCorrelation } from './correlate/measure-correlation.ts'
import { type Figure, toJson, toTable } from './figure.ts'
import { measureFiles } from './files/measure-files.ts'
import { signingKey } from './org.ts'
import { startServices } from './services.ts'
import { measureSizes } from './size/measure-sizes.ts'
import { measureStack } from './stack/measure-stack.ts'
import { measureUnits } from './units/measure-units.ts'

const flags = new Set(process.argv.slice(2))
const asJson = flags.delete('--json')
const only = flags.delete('--stack') ? 'stack' : undefined
const [unknown] = flags
if (unknown !== undefined) {
  console.error(`Unknown argument ${JSON.stringify(unknown)}: known are --json, and --stack for the whole stack alone.`)
  process.exit(2)
}
const figures = await measure(asJson ? () => undefined : (progress) => console.error(`… ${progress}`))
console.log(asJson ? toJson(figures) : toTable(figures))

async function measure(tell: (progress: string) => void): Promise<Figure[]> {
  if (only === 'stack') return measureStack(tell)
  const services = await startServices(JSON.stringify({ signingKey }))
  try {
    return [
      ...(await measureCalls(services, tell)),
      ...measureSizes(tell),
      ...(await measureUnits(services, tell)),
      ...measureAllocation(tell),
      ...(await measureFiles(tell)),
      ...(await measureCorrelation(tell)),
      ...(await measureStack(tell)),
    ]
  } finally {
    await services.stop()
  }
}
