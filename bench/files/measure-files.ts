// How much CPU a row of a file takes on its way to an event, next to the libraries of the field and to DuckDB on one thread, in
// turns within one run; and what writing a million rows costs at list prices, from the sizes of the items.

import { compared, type Figure, fact, limited, type Pair } from '../figure.ts'
import { itemBytes } from '../units/item-size.ts'
import { lambdaDollars, unitDollars } from '../units/prices.ts'
import { openDuckReaders } from './duckdb-readers.ts'
import {
  csvStream,
  gzipStream,
  readWithCsvParse,
  readWithOurs,
  readWithReadline,
  unpackWithOurs,
  withoutHeader,
} from './readers.ts'
import { readRow } from './rows-as-items.ts'
import { makeSample } from './sample-rows.ts'

const sampleRows = 100_000
const turns = 5
/** A third of the time is three times as fast. */
const librariesAim = 1 / 3
const duckAim = 2
const million = 1_000_000
const dollarsAim = 1
/** Rows a loader writes in a second. Assumed, not measured on AWS: eight batches of 25 at once, 20 ms each, 40 % of the time. */
const rowsPerSecond = 2_500
const rowsPerRange = 7_000

export async function measureFiles(tell: (progress: string) => void): Promise<Figure[]> {
  const sample = makeSample(sampleRows)
  const { columns, csv, jsonl, csvGzip } = sample
  const duck = await openDuckReaders(sample)
  const body = withoutHeader(csv)
  const ways = [
    {
      name: 'CSV',
      ours: () => readWithOurs('csv', columns, body),
      library: ['csv-parse', () => readWithCsvParse(csvStream(csv))],
      duck: () => duck.read('csv'),
    },
    {
      name: 'JSONL',
      ours: () => readWithOurs('jsonl', columns, jsonl),
      library: ['JSON.parse over readline', () => readWithReadline(jsonl)],
      duck: () => duck.read('jsonl'),
    },
    {
      name: 'gzip of CSV',
      ours: () => unpackWithOurs(columns, csvGzip),
      library: ['csv-parse', () => readWithCsvParse(gzipStream(csvGzip))],
      duck: () => duck.read('csvGzip'),
    },
  ] as const
  const figures: Figure[] = []
  try {
    for (const { name, ours, library, duck: duckRead } of ways) {
      tell(`files: ${name}`)
      const [libraryName, libraryRead] = library
      const against: Pair[] = []
      const againstDuck: Pair[] = []
      for (let turn = 0; turn <= turns; turn++) {
        const own = await cpuMicros(ours)
        const theirs = await cpuMicros(libraryRead)
        const ducks = await cpuMicros(duckRead)
        // The first turn warms up.
        if (turn === 0) continue
        against.push({ ours: own / sampleRows, bare: theirs / sampleRows })
        againstDuck.push({ ours: own / sampleRows, bare: ducks / sampleRows })
      }
      figures.push(
        compared(`files: ${name} to events, against ${libraryName}`, 'µs of CPU a row', against, librariesAim),
        compared(`files: ${name} to events, against DuckDB reading`, 'µs of CPU a row', againstDuck, duckAim),
      )
    }
  } finally {
    duck.close()
  }
  return [...figures, ...priceFigures()]
}

async function cpuMicros(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** One look a row; a row with an id of its own has its claim read once more and written beside it. */
function priceFigures(): Figure[] {
  const lambda = lambdaDollars('LoadCustomEvents', (rowsPerRange / rowsPerSecond) * 1_000) / rowsPerRange
  return [true, false].flatMap((named) => {
    const { event, claim } = readRow(named)
    const writes = unitsOf(itemBytes(event)) + (claim === undefined ? 0 : unitsOf(itemBytes(claim)))
    const dollars = (unitDollars({ writes, reads: named ? 2 : 1 }) + lambda) * million
    const rows = named ? 'rows with ids' : 'rows without ids'
    return [
      fact(`files: ${rows}, write units a row`, writes, 'units'),
      limited(`files: a million ${rows}, loaded (measuring is apart)`, dollars, 'dollars', dollarsAim),
    ]
  })
}

function unitsOf(bytes: number): number {
  return Math.ceil(bytes / 1_024)
}
