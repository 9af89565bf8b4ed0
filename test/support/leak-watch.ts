// Looks for the secrets that tests plant in everything that the service says and keeps: every answer as it leaves, and at
// the end every table, page by page, and every line of the log. E-mail addresses stand for all that is personal: no line of a
// log may hold one, and of answers only those that are there to name people.
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'

/** Every table there is, by any name. */
export interface WatchedTables {
  readonly client: DynamoDBClient
  readonly tables: object
}

export interface LeakWatch {
  /** From now on it must show nowhere. */
  readonly plant: (secret: string) => void
  /** An answer of a route. The only ones that may show a key are those that make it. */
  readonly hear: (route: string, text: string) => void
  /** @throws with the places, without the secrets, when there were any */
  readonly conclude: (database: WatchedTables, logged: readonly string[]) => Promise<void>
}

/** Keys of ours, and secrets of addresses that alerts go to. */
const makesKey = /^POST \/api\/orgs(\/[^/]+\/(keys|alerts\/destinations))?$/
const keyPattern = /jai_\w+_[0-9a-zA-Z]{32,}|whsec_[0-9a-zA-Z+/=]{32,}/g
const addressPattern = /[\w.+-]+@[\w-]+(\.[\w-]+)+/
/** Answers that name people, each because it was asked to. */
const namesPeople: readonly RegExp[] = [
  // The feed, and one person's or one delivery's story.
  /^GET .*\/events/,
  // Bodies that could not be read, as they came.
  /^GET .*\/quarantine/,
  // Who changed what.
  /^GET .*\/audit/,
  // Examples of nobody.
  /^GET \/api\/openapi\.json/,
]
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
      if (addressPattern.test(text) && !namesPeople.some((named) => named.test(route)))
        leaks.push(`the answer of ${route} holds an e-mail address`)
    },
    async conclude({ client, tables }, logged) {
      let read = 0
      for (const table of Object.values(tables).map(String)) {
        for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
          read += Items.length
          look(table, JSON.stringify(Items.map((item) => unmarshall(item))))
        }
      }
      look('the log', logged.join('\n'))
      if (logged.some((line) => addressPattern.test(line))) leaks.push('the log holds an e-mail address')
      if (read === 0) throw new Error('there was nothing in any table to look through')
      if (leaks.length > 0) throw new Error(leaks.slice(0, 5).join('\n'))
    },
  }
}
