// What the API tells of an exported day.
import type * as z from 'zod/mini'
import type { ExportDay, ExportManifest, exportAnswerSchema, exportListAnswerSchema } from '../../../contract/export.ts'

/** Days that have a complete version; nothing of those that are under way for the first time. */
export function showExports(days: readonly ExportDay[]): z.infer<typeof exportListAnswerSchema>['days'] {
  return days.flatMap(({ day, current }) => {
    if (current === undefined) return []
    const { version, startedAtMs, finishedAtMs, rows, bytes } = current
    const [started, finished] = [startedAtMs, finishedAtMs].map((atMs) => new Date(atMs).toISOString())
    return [{ day, version, started: started ?? '', finished: finished ?? '', rows, bytes }]
  })
}

/** The manifest with an address for each file. */
export function showExport(
  { org: _org, files, ...summary }: ExportManifest,
  urls: ReadonlyMap<string, string>,
  expiresAtMs: number,
): z.infer<typeof exportAnswerSchema> {
  return {
    ...summary,
    files: files.map((file) => ({ ...file, url: urls.get(file.key) ?? '' })),
    urls_expire: new Date(expiresAtMs).toISOString(),
  }
}
