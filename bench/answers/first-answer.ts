// The process in which the first answer of the results route is measured: from the bytes that DynamoDB answers to the text of the
// answer. Argument: the metric. Prints milliseconds of CPU, those of reading rows and all the others.
import { Readable } from 'node:stream'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { answerResults } from '../../lambdas/flows/answer-results.ts'
import { readResults } from '../../lambdas/store/results.ts'
import { templateOf, variantOf } from '../../test/support/copy-settings.ts'
import { versionOf } from '../../test/support/stored-allocation.ts'
import { acme, days, daysPerVersion, lastDayMs, resultsPages, variants } from './results-rows.ts'

const [, , metric = 'human_clicked'] = process.argv
const pages = resultsPages(20_261_125)
const copies = Array.from({ length: variants }, (_, at) => variantOf(`copy_${at + 1}`))
const alike = Object.fromEntries(copies.map(({ copyId }) => [copyId, 1 / variants]))
const allocations = Array.from({ length: Math.ceil(days / daysPerVersion) }, (_, at) => versionOf(at + 1, alike))
const empty = Buffer.from('{"Count":0,"Items":[]}')
let waiting: Buffer[] = [empty]

const client = new DynamoDBClient({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  requestHandler: {
    async handle() {
      return { response: { statusCode: 200, headers: {}, body: Readable.from([waiting.shift() ?? empty]) } }
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  },
})

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

// A deployed function has read its key and its template before.
await readResults(client, 'results', acme, 'welcome', { from: '2026-01-01', to: '2026-01-01' })
waiting = pages
globalThis.gc?.()

let readMs = 0
const before = cpuMs()
const answer = await answerResults(
  {
    findTemplate: async () => ({ template: templateOf('welcome', { keyMetric: metric }), variants: copies }),
    findOrg: async () => undefined,
    listRestatements: async () => [],
    findFirstDay: async () => undefined,
    listAllocations: async () => allocations,
    readResults: async (org, template, range) => {
      const begun = cpuMs()
      const rows = await readResults(client, 'results', org, template, range)
      readMs = cpuMs() - begun
      return rows
    },
    now: () => lastDayMs,
  },
  acme,
  'welcome',
  {},
)
const text = JSON.stringify(answer)
const allMs = cpuMs() - before
if (answer.by_day.length !== days * (variants + 1)) throw new Error(`${answer.by_day.length} days were answered`)
process.stdout.write(JSON.stringify({ readMs, otherMs: allMs - readMs, bytes: text.length }))
