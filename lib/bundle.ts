// Turns a handler's entry file into what is uploaded: one minified ES module, and a file of its own for whatever is imported
// lazily, so that a cold start loads only what it runs.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync, type Metafile } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Some CommonJS dependencies call `require`, which an ES module has to make for itself. */
const requireBanner = "import{createRequire as r}from'node:module';const require=r(import.meta.url);"

export interface Bundle {
  readonly folder: string
  readonly metafile: Metafile
}

/** One bundle per entry and process: several stages upload the same code. */
const bundles = new Map<string, Bundle>()
process.once('exit', () => {
  for (const { folder } of bundles.values()) rmSync(folder, { recursive: true, force: true })
})

/** Bundles `entry` (relative to the project) as `index.mjs` into a folder that lives as long as the process. */
export function bundle(entry: string): Bundle {
  const known = bundles.get(entry)
  if (known !== undefined) return known
  const made = bundleInto(entry, mkdtempSync(join(tmpdir(), 'bundle-')))
  bundles.set(entry, made)
  return made
}

function bundleInto(entry: string, folder: string): Bundle {
  const source = join(root, entry)
  if (!existsSync(source)) throw new Error(`There is no handler at ${entry}`)
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
    banner: { js: requireBanner },
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
  })
  return { folder, metafile }
}
