// Runs one program and ends it when the engine goes away, however it went: the engine forks this file, and the IPC
// channel between them closes with the engine. Arguments: the program's working directory, the program, its arguments.
import { spawn } from 'node:child_process'

const [cwd = '.', command = '', ...args] = process.argv.slice(2)
const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
child.on('error', () => process.exit(127))
child.on('exit', (code) => process.exit(code ?? 1))

const end = (): void => {
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), 3_000).unref()
}
process.on('disconnect', end)
process.on('SIGTERM', end)
process.on('SIGINT', () => undefined)
