// Reads the command line. Every flag is written here once; an unknown one is answered with this list.
import { parseArgs } from 'node:util'
import { LocalProblem } from './problem.ts'
import type { LocalOptions } from './start.ts'

const FLAGS = {
  app: { type: 'string', default: 'cdk.out' },
  port: { type: 'string', default: '4100' },
  data: { type: 'string', default: '.local-data' },
  memory: { type: 'boolean', default: false },
  'ready-file': { type: 'string' },
  seed: { type: 'string' },
  parameter: { type: 'string', multiple: true },
  verbose: { type: 'boolean', default: false },
} as const

const ALLOWED =
  '--app <folder>, --port <number>, --data <folder>, --memory, --ready-file <path>, --seed <program.ts>, --parameter <Name=value>, --verbose'

/** Parses `process.argv.slice(2)`; throws LocalProblem with the allowed flags for anything else. */
export const parseOptions = (args: readonly string[]): LocalOptions => {
  const { values } = parse(args)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new LocalProblem(`--port must be a number from 0 to 65535, not ${values.port}.`)
  return {
    appDir: values.app,
    port,
    dataDir: values.memory ? undefined : values.data,
    readyFile: values['ready-file'],
    seed: values.seed,
    parameters: Object.fromEntries((values.parameter ?? []).map(readParameter)),
    verbose: values.verbose,
  }
}

const readParameter = (text: string): [string, string] => {
  const at = text.indexOf('=')
  if (at < 1) throw new LocalProblem(`--parameter must be <Name=value>, not ${text}.`)
  return [text.slice(0, at), text.slice(at + 1)]
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(/[.\n]/)[0] : String(error)
    throw new LocalProblem(`${reason}: the flags are ${ALLOWED}.`)
  }
}
