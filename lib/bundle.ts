// Turns a handler's entry file into what is uploaded: one minified ES module, and a file of its own for whatever is imported
// lazily, so that a cold start loads only what it runs. Offline; the same sources give the same bytes on every machine.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync, type Metafile } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

export interface Bundle {
  readonly folder: string
  /** What went into which file, as esbuild tells it. */
  readonly metafile: Metafile
}

/** One bundle per entry and process: several stages upload the same code. */
const bundles = new Map<string, Bundle>()
process.once('exit', () => {
  for (const { folder } of bundles.values()) rmSync(folder, { recursive: true, force: true })
})

/** Bundles `entry` (relative to the project) into a folder that lives as long as the process. */
export function bundle(entry: string): Bundle {
  const known = bundles.get(entry)
  if (known !== undefined) return known
  const made = bundleInto(entry, mkdtempSync(join(tmpdir(), 'bundle-')))
  bundles.set(entry, made)
  return made
}

/**
 * Bundles `entry` (relative to the project) as `index.mjs` and its chunks into an empty folder. @throws when it is missing
 *
 * No source maps: Lambda would load them at every cold start, and the same commit gives them again when a stack trace needs
 * reading. No `require` either: nothing bundled calls it, and a test loads every bundle away from `node_modules`.
 */
export function bundleInto(entry: string, folder: string): Bundle {
  const source = join(root, entry)
  if (!existsSync(source)) throw new Error(`There is no file ${entry} to bundle`)
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: { index: source },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
  })
  return { folder, metafile }
}
