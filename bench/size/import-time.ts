// How long a bundle takes to import, in a fresh process each time, ours and the bare one in turn. Node's own start is not in
// it. A warm disk cache: what is measured is reading, compiling and running the modules, not the download.
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import type { Pair } from '../figure.ts'

export interface ImportPairs {
  readonly wallMs: readonly Pair[]
  /** Says more than the wall on a machine that has other things to do. */
  readonly cpuMs: readonly Pair[]
}

const program = `
const startMs = performance.now()
const before = process.cpuUsage()
await import(process.argv[1])
const { user, system } = process.cpuUsage(before)
process.stdout.write([performance.now() - startMs, (user + system) / 1_000].join(' '))
process.exit()
`

/** Imports in turn, the first one changing from pair to pair; a first pair only warms the disk cache. */
export function timeImports(ours: string, bare: string, pairs: number): ImportPairs {
  const all = Array.from({ length: pairs + 1 }, (_, at) => {
    if (at % 2 === 0) return { ours: importOnce(ours), bare: importOnce(bare) }
    const first = importOnce(bare)
    return { ours: importOnce(ours), bare: first }
  }).slice(1)
  return {
    wallMs: all.map((pair) => ({ ours: pair.ours.wallMs, bare: pair.bare.wallMs })),
    cpuMs: all.map((pair) => ({ ours: pair.ours.cpuMs, bare: pair.bare.cpuMs })),
  }
}

function importOnce(file: string): { wallMs: number; cpuMs: number } {
  const args = ['--input-type=module', '--eval', program, pathToFileURL(file).href]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: {} })
  if (status !== 0) throw new Error(`The bundle cannot be imported: ${stderr}`)
  const [wallMs = Number.NaN, cpuMs = Number.NaN] = stdout.split(' ').map(Number)
  return { wallMs, cpuMs }
}
