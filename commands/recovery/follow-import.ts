// How far an import is, until it ends: on one line of a terminal, on a new line elsewhere when something changed.
import { setTimeout } from 'node:timers/promises'
import type { OrgSlug } from '../../contract/ids.ts'
import type { FileImport, ImportStatus } from '../../contract/import.ts'
import type { makeImportStore } from '../../lambdas/store/imports.ts'

const pollMs = 500
const ended: readonly ImportStatus[] = ['complete', 'complete_with_errors', 'failed', 'superseded']

/** Whoever breaks it off stops looking and nothing else. @returns the import as it ended */
export async function followImport(
  imports: Pick<ReturnType<typeof makeImportStore>, 'find' | 'readDone'>,
  org: OrgSlug,
  importId: string,
): Promise<FileImport> {
  let last = ''
  for (;;) {
    const found = await imports.find(org, importId)
    const line = found === undefined ? 'waiting for the notification' : await describe(imports, org, found)
    if (line !== last) process.stdout.write(process.stdout.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
    last = line
    if (found !== undefined && ended.includes(found.status)) {
      if (process.stdout.isTTY) process.stdout.write('\n')
      return found
    }
    await setTimeout(pollMs)
  }
}

async function describe(
  imports: Pick<ReturnType<typeof makeImportStore>, 'readDone'>,
  org: OrgSlug,
  { importId, status, ranges }: FileImport,
): Promise<string> {
  const done = ranges === undefined ? [] : await imports.readDone(org, importId)
  const rows = done.reduce((sum, range) => sum + range.rows, 0)
  return `${status}: ${done.length} of ${ranges ?? '?'} ranges, ${rows} rows`
}
