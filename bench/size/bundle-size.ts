// How many bytes a cold start has to read of a bundle: the entry with every chunk that it imports statically. What is
// imported lazily is counted apart.
import { basename, join } from 'node:path'
import type * as environments from '../../contract/environments.ts'
import { type Bundle, bundle } from '../../lib/bundle.ts'

export interface BundleSize {
  readonly staticBytes: number
  readonly lazyBytes: number
}

/** Handlers by file name, each with the bare bundle it is compared with; undefined for one that loads no SDK. */
export const bareOf = {
  'generate-copy': 'bench/bare/generate-copy.ts',
  'receive-cio-webhook': 'bench/bare/receive-cio-webhook.ts',
  'receive-custom-events': 'bench/bare/receive-custom-events.ts',
  'measure-outcomes': 'bench/bare/measure-outcomes.ts',
  'remeasure-outcomes': 'bench/bare/remeasure-outcomes.ts',
  'recount-results': 'bench/bare/recount-results.ts',
  'update-allocations': 'bench/bare/update-allocations.ts',
  'read-results': 'bench/bare/read-results.ts',
  manage: 'bench/bare/manage.ts',
  'check-setup': 'bench/bare/check-setup.ts',
  'erase-person': 'bench/bare/erase-person.ts',
  'plan-custom-events': 'bench/bare/plan-custom-events.ts',
  'load-custom-events': 'bench/bare/load-custom-events.ts',
  'reconcile-files': 'bench/bare/reconcile-files.ts',
  'serve-imports': 'bench/bare/serve-imports.ts',
  'export-days': 'bench/bare/export-days.ts',
  'serve-exports': 'bench/bare/serve-exports.ts',
  'watch-customerio': 'bench/bare/watch-customerio.ts',
  'evaluate-alerts': 'bench/bare/evaluate-alerts.ts',
  'deliver-alerts': 'bench/bare/deliver-alerts.ts',
  'serve-alerts': 'bench/bare/serve-alerts.ts',
  'describe-api': undefined,
} as const satisfies Readonly<Record<HandlerFile<keyof typeof environments>, string | undefined>>

/** `GenerateCopy` is in `generate-copy.ts`: a handler without an entry above is a type error. */
type HandlerFile<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${Lowercase<First>}${Dashed<Rest>}`
  : never
type Dashed<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Uppercase<First>
    ? `-${Lowercase<First>}${Dashed<Rest>}`
    : `${First}${Dashed<Rest>}`
  : ''

/** Where the handler's source is. */
export function entryOf(handler: string): string {
  return `lambdas/handlers/${handler}.ts`
}

/** The file that a cold start imports. */
export function entryFile(source: string): string {
  return join(bundle(source).folder, 'index.mjs')
}

export function sizeOf({ metafile }: Pick<Bundle, 'metafile'>): BundleSize {
  const entry = Object.keys(metafile.outputs).find((path) => basename(path) === 'index.mjs')
  if (entry === undefined) throw new Error('the bundle has no index.mjs')
  const loaded = new Set<string>()
  const load = (path: string) => {
    if (loaded.has(path)) return
    loaded.add(path)
    for (const { kind, path: imported, external } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) load(imported)
    }
  }
  load(entry)
  const bytesOf = (paths: readonly string[]) =>
    paths.reduce((sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0), 0)
  const staticBytes = bytesOf([...loaded])
  return { staticBytes, lazyBytes: bytesOf(Object.keys(metafile.outputs)) - staticBytes }
}
