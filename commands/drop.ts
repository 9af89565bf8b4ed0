// `npm run drop -- <file> --org <org>`: puts a file of custom events into the bucket as a customer would, follows it until its
// report is there, and prints the report. Exits 0 when every row was taken, 1 when some were not, 2 when it could not run.
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { orgSlugSchema } from '../contract/ids.ts'
import { fileReportSchema } from '../contract/import.ts'
import { makeFileStore } from '../lambdas/clients/file-store.ts'
import { incomingKey, nameFile, nameImport, reportKey } from '../lambdas/domain/files/name-file.ts'
import { makeImportStore } from '../lambdas/store/imports.ts'
import { readPieces } from './read-pieces.ts'
import { followImport } from './recovery/follow-import.ts'
import { deployedBucket, deployedTarget, localBucket, localTarget } from './target.ts'

const usage =
  'npm run drop -- <file> --org <org> [--source <source>] [--date YYYY-MM-DD] [--name <name>] [--ready-file .local-data/ready.json | --outputs <file>]'

async function drop(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      org: { type: 'string' },
      source: { type: 'string' },
      date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
      name: { type: 'string' },
      'ready-file': { type: 'string', default: '.local-data/ready.json' },
      outputs: { type: 'string' },
    },
  })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new Error(`one file must be named, saw ${positionals.length}`)
  const org = orgSlugSchema.safeParse(values.org)
  if (!org.success) throw new Error(`--org must be an org slug, saw ${JSON.stringify(values.org)}`)
  const key = incomingKey(org.data, values.source, values.date, values.name ?? basename(file))
  const named = nameFile(key)
  if (named.kind === 'ignored') throw new Error('the name begins with `_` or `.`; such files are not loaded')
  const target = values.outputs ? deployedTarget(values.outputs) : localTarget(values['ready-file'])
  const { s3, bucket } = values.outputs ? deployedBucket(values.outputs) : localBucket(values['ready-file'])
  const files = makeFileStore(s3, bucket)
  await files.putStream(key, readPieces(file))
  const version = await files.head(key)
  if (version === undefined) throw new Error('the file is not in the bucket after it was written')
  console.log(`dropped ${version.sizeBytes} bytes at s3://${bucket}/${key}`)
  if (named.org !== undefined) {
    await followImport(makeImportStore(target.dynamodb, target.tables.settings), org.data, nameImport(version))
  }
  return printReport(await readText(files.read({ key: reportKey(key) })))
}

async function readText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all).toString('utf8')
}

function printReport(text: string): number {
  console.log(text.trimEnd())
  return fileReportSchema.parse(JSON.parse(text)).status === 'complete' ? 0 : 1
}

try {
  process.exitCode = await drop()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  console.error(usage)
  process.exitCode = 2
}
