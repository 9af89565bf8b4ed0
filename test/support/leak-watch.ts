// Looks for the secrets that tests plant in everything that the service says and keeps: every answer as it leaves, and at
// the end every table, page by page, and every line of the log.
import { paginateScan } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { TestDatabase } from './dynamodb-local.ts'

export interface LeakWatch {
  /** From now on it must show nowhere. */
  readonly plant: (secret: string) => void
  /** An answer of a route. The only ones that may show a key are those that make it. */
  readonly hear: (route: string, text: string) => void
  /** @throws with the places, without the secrets, when there were any */
  readonly conclude: (database: TestDatabase, logged: readonly string[]) => Promise<void>
}

const makesKey = /^POST \/api\/orgs(\/[^/]+\/keys)?$/
const keyPattern = /jai_\w+_[0-9a-zA-Z]{32,}/g
/** Values shorter than these are words of ordinary text. */
const shortestSecret = 12

export function makeLeakWatch(): LeakWatch {
  const planted = new Set<string>()
  const leaks: string[] = []
  const look = (where: string, text: string): void => {
    for (const secret of planted) if (text.includes(secret)) leaks.push(`${where} holds a secret of ${secret.length}`)
  }
  return {
    plant: (secret) => {
      if (secret.length >= shortestSecret) planted.add(secret)
    },
    hear(route, text) {
      if (makesKey.test(route)) for (const [key] of text.matchAll(keyPattern)) planted.add(key)
      else look(`the answer of ${route}`, text)
    },
    async conclude({ client, tables }, logged) {
      let read = 0
      for (const table of Object.values(tables)) {
        for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
          read += Items.length
          look(table, JSON.stringify(Items.map((item) => unmarshall(item))))
        }
      }
      look('the log', logged.join('\n'))
      if (read === 0) throw new Error('there was nothing in any table to look through')
      if (leaks.length > 0) throw new Error(leaks.slice(0, 5).join('\n'))
    },
  }
}
