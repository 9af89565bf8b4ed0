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
import { measureUnits } from './units/measure-units.ts'

const [flag, ...others] = process.argv.slice(2)
const unknown = flag === '--json' ? others[0] : flag
if (unknown !== undefined) {
  console.error(`Unknown argument ${JSON.stringify(unknown)}: the only one is --json.`)
  process.exit(2)
}
const asJson = flag === '--json'
const figures = await measure(asJson ? () => undefined : (progress) => console.error(`… ${progress}`))
console.log(asJson ? toJson(figures) : toTable(figures))

async function measure(tell: (progress: string) => void): Promise<Figure[]> {
  const services = await startServices(JSON.stringify({ signingKey }))
  try {
    return [
      ...(await measureCalls(services, tell)),
      ...measureSizes(tell),
      ...(await measureUnits(services, tell)),
      ...measureAllocation(tell),
      ...(await measureFiles(tell)),
      ...(await measureCorrelation(tell)),
    ]
  } finally {
    await services.stop()
  }
}
