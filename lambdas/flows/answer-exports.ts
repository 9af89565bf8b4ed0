// The answers of the exports' routes: which days there are, and one day's files with an address for each.
import type * as z from 'zod/mini'
import {
  type ExportDay,
  type exportAnswerSchema,
  type exportListAnswerSchema,
  exportManifestSchema,
} from '../../contract/export.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { linkSeconds } from '../../contract/limits.ts'
import { dayPattern } from '../../contract/results.ts'
import { Fault } from '../domain/api/fault.ts'
import { readPage } from '../domain/api/read-page.ts'
import { manifestKey } from '../domain/exports/name-export.ts'
import { showExport, showExports } from '../domain/exports/show-export.ts'

export interface AnswerExportsDeps {
  readonly exports: {
    readonly findExport: (org: OrgSlug, day: string) => Promise<ExportDay | undefined>
    readonly listPage: (
      org: OrgSlug,
      limit: number,
      after?: string,
    ) => Promise<{ readonly days: readonly ExportDay[]; readonly next?: string | undefined }>
  }
  readonly files: { readonly read: (object: { readonly key: string }) => AsyncIterable<Uint8Array> }
  /** An address from which a key can be fetched for so many seconds. */
  readonly links: { readonly toGet: (key: string, seconds: number) => Promise<string> }
  readonly now: () => number
}

type Query = Readonly<Record<string, string | undefined>>

/** A page of days, the latest first. @throws Fault `query.invalid` */
export async function answerExports(
  { exports }: AnswerExportsDeps,
  org: OrgSlug,
  query: Query,
): Promise<z.infer<typeof exportListAnswerSchema>> {
  const { limit, next } = readPage(query)
  const page = await exports.listPage(org, limit, next)
  return { days: showExports(page.days), next: page.next ?? null }
}

/** The current version of a day. @throws Fault `export.unknown` */
export async function answerExport(
  { exports, files, links, now }: AnswerExportsDeps,
  org: OrgSlug,
  day: string,
): Promise<z.infer<typeof exportAnswerSchema>> {
  const current = dayPattern.test(day) ? (await exports.findExport(org, day))?.current : undefined
  if (current === undefined) throw new Fault('export.unknown')
  const chunks: Uint8Array[] = []
  for await (const chunk of files.read({ key: manifestKey(org, day, current.version) })) chunks.push(chunk)
  const manifest = exportManifestSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
  const signed = manifest.files.map(async ({ key }) => [key, await links.toGet(key, linkSeconds)] as const)
  return showExport(manifest, new Map(await Promise.all(signed)), now() + linkSeconds * 1_000)
}
