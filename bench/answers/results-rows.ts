// The rows of a long test, as DynamoDB answers a query with them: 8 copies and control over 400 days, each with its counters and
// those of one custom event with money.
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { orgSlugSchema } from '../../contract/ids.ts'
import type { Cell } from '../../contract/result-cell.ts'
import { resultsKey } from '../../lambdas/store/result-keys.ts'
import { drawBinomial, seededRandom } from '../../test/support/seeded-random.ts'

export const [variants, days, daysPerVersion] = [8, 400, 3]
export const lastDayMs = Date.parse('2026-11-25T12:00:00Z')
export const acme = orgSlugSchema.parse('acme')
export const eventName = 'purchase'

type Item = Record<string, AttributeValue>

/** DynamoDB answers at most a megabyte of items at once; its JSON of so many rows is a little less than that. */
const rowsPerPage = 2_400

/** Bodies of the answers, page by page. */
export function resultsPages(seed: number): Buffer[] {
  const items = makeItems(seed)
  const pages = Array.from({ length: Math.ceil(items.length / rowsPerPage) }, (_, at) =>
    items.slice(at * rowsPerPage, (at + 1) * rowsPerPage),
  )
  return pages.map((page, at) => {
    const last = page.at(-1)
    const more = at < pages.length - 1 && last !== undefined && { LastEvaluatedKey: { pk: last.pk, sk: last.sk } }
    return Buffer.from(JSON.stringify({ Count: page.length, ScannedCount: page.length, Items: page, ...more }))
  })
}

function makeItems(seed: number): Item[] {
  const random = seededRandom(seed)
  return Array.from({ length: days }, (_, day) => day).flatMap((day) =>
    Array.from({ length: variants + 1 }, (_, copy) => copy).flatMap((copy) => {
      const cell: Cell = {
        day: new Date(lastDayMs - (days - 1 - day) * 86_400_000).toISOString().slice(0, 10),
        group: copy === 0 ? 'control' : 'treatment',
        name: copy === 0 ? '' : `copy_${copy}`,
        stratum: copy === 0 ? '' : `v${1 + Math.floor(day / daysPerVersion)}`,
      }
      const sent = 100 + Math.floor(random() * 300)
      const of = (share: number) => drawBinomial(random, sent, share)
      const counted = {
        served: sent,
        sent,
        delivered: of(0.99),
        opened: of(0.4),
        human_opened: of(0.35),
        clicked: of(0.05),
      }
      const more = {
        human_clicked: of(0.04),
        converted: of(0.02),
        unsubscribed: of(0.002),
        bounced: of(0.01),
        journey: sent,
      }
      const buyers = of(0.03)
      const bought = { sends: buyers, events: buyers, 'value:EUR': 1_999 * buyers, 'squares:EUR': 1_999 ** 2 * buyers }
      return [toItem(cell, { ...counted, ...more }), toItem({ ...cell, event: eventName }, bought)]
    }),
  )
}

function toItem(cell: Cell, counts: Readonly<Record<string, number>>): Item {
  const { pk, sk } = resultsKey(acme, 'welcome', cell, 0)
  const numbers = Object.entries({ ...counts, changes: 9 }).map(([name, count]) => [name, { N: String(count) }])
  return { pk: { S: pk }, sk: { S: sk }, ...Object.fromEntries(numbers) }
}
