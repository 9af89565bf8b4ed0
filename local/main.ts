// The command behind `npm start`: deploys the synthesized stack to this machine and keeps it up until Ctrl-C.
import { parseOptions } from './options.ts'
import { LocalProblem } from './problem.ts'
import type { Local } from './start.ts'

let local: Local | undefined
let stopAsked = false

const stop = (): void => {
  if (stopAsked) return
  stopAsked = true
  // While it is still starting, leaving is enough: whatever was started goes with this process.
  if (local === undefined) process.exit(0)
  process.stdout.write('\nStopping.\n')
  local.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

try {
  const options = parseOptions(process.argv.slice(2))
  // Loaded only now: a mistyped flag is answered at once.
  const { startLocal } = await import('./start.ts')
  local = await startLocal(options)
  process.stdout.write(
    `${local.screen ?? `The API answers at ${local.ready.apiUrl}\nEverything else is in ${local.readyFile}\nCtrl-C stops it.`}\n`,
  )
} catch (error) {
  if (!(error instanceof LocalProblem)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
