// `npm run chaos -- --minutes 20 --seed 1`: starts a stack of its own with its data on disk, plays Customer.io and a customer
// against it while things go wrong, mends it, and holds it to its promises. Exits 0 when all were kept, 1 when any was not,
// 2 when it was called wrongly or could not run.
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import * as z from 'zod/mini'
import { runChaos, type Seen } from './chaos/run.ts'
import { openDeployment, runCommand } from './deployment.ts'
import { readDeployment } from './simulate/deployment.ts'
import { makeProgress } from './simulate/progress.ts'

const usage = 'npm run chaos -- [--minutes 20] [--seed 1] [--people 60] [--lanes 6] [--app cdk.out]'
const startLimitMs = 120_000
const adminSchema = z.object({ adminUrl: z.string() })

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      people: { type: 'string', default: '60' },
      lanes: { type: 'string', default: '6' },
      app: { type: 'string', default: 'cdk.out' },
    },
  })
  const of = (name: 'minutes' | 'seed' | 'people' | 'lanes') => {
    const value = Number(values[name])
    if (value > 0) return value
    throw new Error(`--${name} must be a number above 0, saw ${JSON.stringify(values[name])}`)
  }
  const numbers = { minutes: of('minutes'), seed: of('seed'), people: of('people'), lanes: of('lanes') }
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
  const readyFile = join(folder, 'ready.json')
  const flags = ['--app', values.app, '--port', '0', '--data', folder, '--seed', 'commands/seed-demo.ts']
  const stack = spawn(process.execPath, ['local/main.ts', ...flags], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((resolve) => stack.once('exit', () => resolve()))
  let allKept = false
  try {
    for (let waitedMs = 0; !existsSync(readyFile); waitedMs += 200) {
      if (stack.exitCode !== null || waitedMs > startLimitMs) throw new Error('the stack did not start')
      await sleep(200)
    }
    const { adminUrl } = adminSchema.parse(JSON.parse(readFileSync(readyFile, 'utf8')))
    const progress = makeProgress()
    const redrive = async () => {
      const args = ['commands/redrive.ts', '--ready-file', readyFile]
      console.log((await promisify(execFile)(process.execPath, args)).stdout.trim())
    }
    const reached = openDeployment({ 'ready-file': readyFile })
    const options = { ...numbers, adminUrl, functionPrefix: `justai-${reached.outputs.Stage}-` }
    const seen = await runChaos(readDeployment(readyFile, undefined), reached, options, progress.say, redrive)
    allKept = tell(seen, numbers.seed)
    return allKept ? 0 : 1
  } finally {
    stack.kill('SIGTERM')
    await ended
    if (allKept) rmSync(folder, { recursive: true, force: true })
    else console.log(`logs and data of the stack are in ${folder}`)
  }
})

/** @returns whether every promise was kept */
function tell(seen: Seen, seed: number): boolean {
  console.log(
    `seed ${seed}: ${seen.rounds} rounds, ${seen.calls} calls; ${[...seen.harm].map(([what, times]) => `${times} ${what}`).join(', ')}`,
  )
  console.log(
    `Customer.io was answered ${Object.entries(seen.byStatus)
      .map(([status, times]) => `${times} × ${status}`)
      .join(', ')}`,
  )
  const promises: [string, boolean][] = [
    [`answers other than 200, 401 and 503, or none: ${seen.forbidden}`, seen.forbidden === 0],
    [`answers later than 4 s while the stack was up: ${seen.late.length}`, seen.late.length === 0],
    [`events acknowledged ${seen.acknowledged}, of these stored ${seen.stored}`, seen.acknowledged === seen.stored],
    [`totals that differ from the books: ${seen.differences.length}`, seen.differences.length === 0],
    [`events by account ${seen.accepted}, of these counted nowhere ${seen.unaccounted}`, seen.unaccounted === 0],
    [`counters that differ from ${seen.outcomes} outcomes folded again: ${seen.drifts}`, seen.drifts === 0],
    [`answers that broke a promise: ${[...new Set(seen.faults)].join('; ') || 'none'}`, seen.faults.length === 0],
  ]
  for (const [what, kept] of promises) console.log(`${kept ? 'kept  ' : 'BROKEN'}  ${what}`)
  for (const { entry, counter, planned, shown } of seen.differences) {
    console.log(`        ${entry} ${counter}: the books say ${planned}, the results ${shown}`)
  }
  return promises.every(([, kept]) => kept)
}
