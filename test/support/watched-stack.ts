// The leak watch over a whole deployment: the keys of its demo org and every secret that an answer shows once must be in no
// later answer, in no table and in no line that a function or the API has logged. Looked through before the stack stops.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Local } from '../../local/start.ts'
import { type LeakWatch, makeLeakWatch } from './leak-watch.ts'

export interface WatchedStack {
  readonly leaks: LeakWatch
  /** Looks through tables and logs. @throws with what was found */
  readonly conclude: () => Promise<void>
  /** Stops it, whatever was found. @throws with what was found */
  readonly stop: () => Promise<void>
}

const planted = ['apiKey', 'adminKey', 'signingKey', 'appApiKey', 'sandboxKey'] as const
/** What emulators write is no word of ours. */
const ofOthers = new Set(['engine.log', 'dynamodb-local.log'])

export function watchStack({ ready, adminUrl, stop }: Local): WatchedStack {
  const leaks = makeLeakWatch()
  for (const name of planted) leaks.plant(String(ready[name]))
  const conclude = async () => {
    await fetch(`${adminUrl}/faults`, { method: 'DELETE' })
    const { url: endpoint, ...caller } = ready.endpoints.dynamodb
    const names = Object.entries(ready.outputs).filter(([name]) => /^[A-Z]\w+TableName$/.test(name))
    const database = { client: new DynamoDBClient({ endpoint, ...caller }), tables: Object.fromEntries(names) }
    await leaks.conclude(database, readLogs(ready.logs))
  }
  return { leaks, conclude, stop: () => conclude().finally(stop) }
}

function readLogs(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.log') && !ofOthers.has(name))
  return files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
}
