// The command behind npm start, as a process of its own: what it says, what it leaves behind.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the text of a program.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { synthFixture } from './fixtures/app.ts'
import { eventually } from './started.ts'

const main = fileURLToPath(new URL('../../local/main.ts', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'main-'))
let app: ReturnType<typeof synthFixture>
beforeAll(() => {
  app = synthFixture()
})
afterAll(() => {
  app.remove()
  rmSync(dir, { recursive: true, force: true })
})

const start = (args: string[], env: NodeJS.ProcessEnv = process.env) => {
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += chunk))
  child.stderr.on('data', (chunk) => (said.err += chunk))
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, said, exit }
}
const failure = async (args: string[], env?: NodeJS.ProcessEnv) => {
  const { said, exit } = start(args, env)
  const code = await exit
  expect(said.err.trim().split('\n')).toHaveLength(1)
  return { code, sentence: said.err.trim() }
}

describe('one clear sentence and exit code 1', () => {
  it('for an unknown flag, with those that are allowed', async () => {
    const { code, sentence } = await failure(['--prot', '1'])
    expect(code).toBe(1)
    expect(sentence).toContain("Unknown option '--prot'")
    expect(sentence).toContain('--port <number>')
  })

  it('for an app that was not synthesized', async () => {
    expect((await failure(['--app', dir])).sentence).toContain('it has no manifest.json')
  })

  it('for a machine without Java', async () => {
    const { code, sentence } = await failure(['--app', app.appDir, '--memory', '--port', '0'], { PATH: '/nowhere' })
    expect(code).toBe(1)
    expect(sentence).toContain('DynamoDB Local needs Java 17 or newer, and no `java` was found on the PATH')
  })

  it('for a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, sentence } = await failure(['--app', app.appDir, '--memory', '--port', String(port)])
    other.close()
    expect([code, sentence]).toEqual([
      1,
      `Port ${port} is taken by another program: stop it, or choose another with --port.`,
    ])
  })
})

it('seeds, writes the ready file, prints the seed’s screen, and stops cleanly on SIGTERM', async () => {
  const seed = join(dir, 'seed.ts')
  writeFileSync(
    seed,
    "const stack = JSON.parse(process.env['LOCAL_STACK'] ?? '{}')\nconsole.log('some words')\nconsole.log(JSON.stringify({ ready: { table: stack.resources.Events, previous: stack.previous, from: stack.readyFile }, screen: `Open ${stack.apiUrl}` }))\n",
  )
  const readyFile = join(dir, 'ready.json')
  const { child, said, exit } = start([
    '--app',
    app.appDir,
    '--data',
    join(dir, 'data'),
    '--port',
    '0',
    '--ready-file',
    readyFile,
    '--seed',
    seed,
  ])
  await eventually('the ready file', async () => (existsSync(readyFile) ? true : undefined), 30_000)
  const ready = JSON.parse(readFileSync(readyFile, 'utf8'))
  expect(ready).toMatchObject({
    table: 'fixture-dev-EventsD32975C2',
    previous: null,
    from: join(dir, 'data', 'ready.json'),
    outputs: { Url: ready.apiUrl },
    endpoints: { dynamodb: { region: 'us-east-1' } },
  })
  expect((await fetch(`${ready.apiUrl}/do/pid`)).status).toBe(200)
  await eventually('the screen', async () => (said.out.includes(`Open ${ready.apiUrl}`) ? true : undefined))
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
  expect(existsSync(readyFile)).toBe(false)
  await expect(fetch(ready.endpoints.dynamodb.url)).rejects.toThrow()
}, 60_000)
