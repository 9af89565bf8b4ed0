// Drops files into the bucket of a local deployment as a customer does, and follows them by HTTP.
import { S3Client } from '@aws-sdk/client-s3'
import { type FileReport, fileReportSchema, type ImportAnswer, importListAnswerSchema } from '../../contract/import.ts'
import { type FileStore, makeFileStore } from '../../lambdas/clients/file-store.ts'
import { reportKey } from '../../lambdas/domain/files/name-file.ts'
import { call, type DemoStack } from './local-stack.ts'

/** The stack's bucket, as the operator. */
export function bucketOf({ local }: DemoStack): FileStore {
  const { url, region, credentials } = local.ready.endpoints.s3
  const client = new S3Client({ endpoint: url, region, credentials, forcePathStyle: true })
  return makeFileStore(client, local.ready.outputs.DataBucketName ?? '')
}

export async function readImports(stack: DemoStack, query = ''): Promise<ImportAnswer[]> {
  const { body } = await call(stack, `/api/orgs/acme/imports${query}`, { headers: { 'x-api-key': stack.adminKey } })
  return importListAnswerSchema.parse(body).imports
}

const running = ['planning', 'loading']

/** Waits until the newest import of a file has ended; answers it as the API tells it. */
export async function untilLoaded(stack: DemoStack, key: string, limitMs = 30_000): Promise<ImportAnswer> {
  const untilMs = Date.now() + limitMs
  let last: ImportAnswer | undefined
  while (Date.now() < untilMs) {
    last = (await readImports(stack, '?limit=100')).find(({ file }) => file === key)
    if (last !== undefined && !running.includes(last.status)) return last
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${key} is ${last?.status ?? 'unknown'} after ${limitMs} ms`)
}

export async function readText(bucket: FileStore, key: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bucket.read({ key })) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

export async function reportOf(bucket: FileStore, key: string): Promise<FileReport> {
  return fileReportSchema.parse(JSON.parse(await readText(bucket, reportKey(key))))
}
