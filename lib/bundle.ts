// Turns a handler's entry file into what is uploaded: one minified ES module, and a file of its own for whatever is imported
// lazily, so that a cold start loads only what it runs.
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync, type Metafile } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Some CommonJS dependencies call `require`, which an ES module has to make for itself. */
const requireBanner = "import{createRequire as r}from'node:module';const require=r(import.meta.url);"

/** Bundles `entry` (relative to the project) into `folder` as `index.mjs`. Deterministic, offline. @returns esbuild's account */
export function bundle(entry: string, folder: string): Metafile {
  const source = join(root, entry)
  if (!existsSync(source)) throw new Error(`There is no handler at ${entry}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
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
  return metafile
}
