// The console as it is uploaded: built by Vite when its sources changed since the last build, else taken from there.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const builds = join(root, 'console', 'dist')

/** The folder with the built console. Builds it when needed; several processes may ask at once. @throws when it cannot be built */
export function consoleFiles(): string {
  const digest = digestOfSources()
  const folder = join(builds, digest)
  if (existsSync(folder)) return folder
  const making = `${folder}.${process.pid}`
  mkdirSync(builds, { recursive: true })
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const options = ['build', 'console', '--outDir', making, '--emptyOutDir', '--logLevel', 'error']
  // Vitest's NODE_ENV=test would build React as it is while being developed.
  const env = { NODE_ENV: 'production' }
  execFileSync(process.execPath, [vite, ...options], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  try {
    renameSync(making, folder)
  } catch {
    // Another process was faster; the same sources give the same files.
    rmSync(making, { recursive: true, force: true })
  }
  removeOthers(digest)
  return folder
}

function digestOfSources(): string {
  // One page of the console shows what that page of the docs says of columns.
  const sources = ['console/**/*.*', 'contract/*.ts', 'docs/exports.md', 'package-lock.json']
  const files = globSync(sources, { cwd: root, exclude: ['console/dist/**'] }).sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

/** Builds of sources that are gone; those under way have a dot in their name. */
function removeOthers(digest: string): void {
  for (const name of readdirSync(builds))
    if (name !== digest && !name.includes('.')) rmSync(join(builds, name), { recursive: true, force: true })
}
