// Files of custom events on the whole system: dropped into the bucket, reported beside it, followed by HTTP.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importAnswerSchema } from '../../contract/import.ts'
import { uploadAnswerSchema } from '../../contract/upload.ts'
import type { FileStore } from '../../lambdas/clients/file-store.ts'
import { rejectedKey } from '../../lambdas/domain/files/name-file.ts'
import { VersionMissing } from '../../lambdas/domain/files/object-version.ts'
import { bucketOf, readImports, readText, reportOf, untilLoaded } from '../support/dropped-files.ts'
import { breakService, call, type DemoStack, heal, manage, startDemoStack } from '../support/local-stack.ts'
import { makeMemoryFiles } from '../support/memory-files.ts'

let stack: DemoStack
let bucket: FileStore
beforeAll(async () => {
  stack = await startDemoStack()
  bucket = bucketOf(stack)
})
afterAll(() => stack?.local.stop())

const key = (name: string) => `incoming/acme/events/dt=2026-11-18/${name}`
const header = 'event_id,name,user_id,timestamp,value\n'
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => `o${from + n},purchase,p${n % 50},${1_795_000_000 + n},1.50\n`).join('')

describe('a dropped file', () => {
  it('is loaded in ranges and reported beside it; told by the API; mended rows count when dropped again', async () => {
    await bucket.put(key('day 1+é.csv'), `${header}${rows(2_000)}bad\n`, 'text/csv')
    const told = await untilLoaded(stack, key('day 1+é.csv'))
    expect(told).toMatchObject({ status: 'complete_with_errors', ranges: 1, ranges_done: null, rejected: 1 })
    expect(told.counts).toEqual({ rows: 2_001, accepted: 2_000, duplicate: 0, changed: 0, unchanged: 0, rejected: 1 })
    expect(await reportOf(bucket, key('day 1+é.csv'))).toMatchObject({
      ...told.counts,
      status: told.status,
      attributed: null,
    })
    const rejected = await readText(bucket, rejectedKey(key('day 1+é.csv'), 'csv'))
    expect(rejected.split('\n')[1]).toMatch(/^2002,"row\.columns: .*",bad$/)
    await bucket.put(key('mended.csv'), rejected.replace(/,bad$/m, ',o9999,purchase,p1,1795000000,1'), 'text/csv')
    expect((await untilLoaded(stack, key('mended.csv'))).counts).toMatchObject({ rows: 1, accepted: 1 })
    const answer = await call(stack, `/api/orgs/acme/imports/${told.id}`, { headers: { 'x-api-key': stack.adminKey } })
    expect(importAnswerSchema.parse(answer.body)).toMatchObject({ ranges: 1, ranges_done: 1, rows_done: 2_001 })
  })

  it('may be packed', async () => {
    await bucket.put(key('packed.csv.gz'), gzipSync(`${header}${rows(500, 100_000)}`), 'application/gzip')
    expect((await untilLoaded(stack, key('packed.csv.gz'))).counts).toMatchObject({ rows: 500, accepted: 500 })
  })

  it('is followed by the command, which prints its report', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drop-'))
    const file = join(folder, 'purchases.jsonl')
    writeFileSync(file, '{"name":"purchase","user_id":"ann","event_id":"command"}\n')
    const ready = ['--ready-file', stack.local.readyFile]
    try {
      const command = ['commands/drop.ts', file, '--org', 'acme', '--source', 'shop', '--date', '2026-11-18', ...ready]
      const { stdout } = await promisify(execFile)(process.execPath, command)
      expect(stdout).toMatch(/loading|complete/)
      expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({
        status: 'complete',
        accepted: 1,
        file: 'incoming/acme/shop/events/dt=2026-11-18/purchases.jsonl',
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('whose loading failed is taken up again when asked, and every row is counted as if it had not', async () => {
    await breakService(stack, {
      service: 'dynamodb',
      action: 'TransactWriteItems',
      function: 'justai-dev-LoadCustomEvents',
      mode: 'cut',
    })
    await bucket.put(key('broken.csv'), `${header}${rows(300, 200_000)}`, 'text/csv')
    await expect(untilLoaded(stack, key('broken.csv'), 3_000)).rejects.toThrow('after 3000 ms')
    await heal(stack)
    const [found] = (await readImports(stack)).filter(({ file }) => file === key('broken.csv'))
    const retry = { method: 'POST', headers: { 'x-api-key': stack.adminKey } }
    const answer = await call(stack, `/api/orgs/acme/imports/${found?.id}/retry`, retry)
    expect(answer).toMatchObject({ status: 200 })
    const told = await untilLoaded(stack, key('broken.csv'))
    expect(told.counts).toEqual({ rows: 300, accepted: 300, duplicate: 0, changed: 0, unchanged: 0, rejected: 0 })
    expect((await call(stack, `/api/orgs/acme/imports/${found?.id}/retry`, retry)).status).toBe(409)
  })
})

describe('a file from the console', () => {
  const text = `${header}${rows(20, 300_000)}bad\n`
  const open = async (name: string, body = text) => {
    const asked = await manage(stack, 'POST', '/imports', { name, bytes: Buffer.byteLength(body), date: '2026-11-18' })
    expect(asked.status).toBe(200)
    return uploadAnswerSchema.parse(asked.body)
  }

  it('is put where the API says, as a browser does it, and its report and rejected rows are had by their addresses', async () => {
    const { file, upload } = await open('from the console é.csv')
    expect(file).toBe(key('from the console é.csv'))
    const origin = 'https://console.example'
    const asked = { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' }
    const preflight = await fetch(upload.url, { method: 'OPTIONS', headers: asked })
    expect(preflight.status).toBe(200)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type')
    const put = await fetch(upload.url, { method: 'PUT', headers: { ...upload.headers, origin }, body: text })
    expect(put.status).toBe(200)
    expect(put.headers.get('access-control-allow-origin')).toBe('*')
    const { id, counts, report_url } = await untilLoaded(stack, file)
    expect(counts).toMatchObject({ rows: 21, accepted: 20, rejected: 1 })
    expect(report_url).toBeNull()
    const told = importAnswerSchema.parse((await manage(stack, 'GET', `/imports/${id}`)).body)
    const report = await fetch(told.report_url ?? '', { headers: { origin } })
    expect(report.headers.get('access-control-allow-origin')).toBe('*')
    expect(report.headers.get('content-disposition')).toMatch(/^attachment; .*\.report\.json$/)
    expect(await report.json()).toMatchObject({ import_id: id, ...counts })
    expect(await (await fetch(told.rejected_url ?? '')).text()).toMatch(/^rejected_line.*\n22,.*,bad\n$/s)
  })

  it.each([
    [
      'of another size',
      (url: string) => fetch(url, { method: 'PUT', headers: { 'content-type': 'text/csv' }, body: 'x' }),
    ],
    [
      'of another type',
      (url: string) => fetch(url, { method: 'PUT', headers: { 'content-type': 'text/html' }, body: text }),
    ],
    [
      'elsewhere',
      (url: string) =>
        fetch(url.replace('acme', 'other'), { method: 'PUT', headers: { 'content-type': 'text/csv' }, body: text }),
    ],
    ['to be read', (url: string) => fetch(url)],
  ])('%s is refused by the bucket', async (_how, send) => {
    const { upload } = await open('refused.csv')
    expect((await send(upload.url)).status).toBe(403)
  })

  it('that no import could read is refused before it is sent', async () => {
    const refused = await manage(stack, 'POST', '/imports', { name: 'a.txt', bytes: 3 })
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { code: 'body.invalid', details: [{ path: 'name' }] } },
    })
  })
})

describe('imports', () => {
  const ask = (path: string, headers = { 'x-api-key': stack.adminKey }) => call(stack, `/api/orgs/${path}`, { headers })

  it('are listed the newest first, page by page', async () => {
    const all = (await readImports(stack, '?limit=100')).map(({ id }) => id)
    expect(all.length).toBeGreaterThan(3)
    expect(all).toEqual(all.toSorted().toReversed())
    const paged: unknown[] = []
    let next = ''
    do {
      const { body } = await ask(`acme/imports?limit=2&next=${next}`)
      paged.push(...(Array.isArray(body.imports) ? body.imports.map(({ id }) => id) : []))
      next = String(body.next ?? '')
    } while (next !== '')
    expect(paged).toEqual(all)
  })

  it.each([
    ['acme/imports/none', 404],
    ['acme/imports?limit=0', 422],
    ['acme/imports?limit=x', 422],
    ['other/imports', 401],
  ])('of %s are answered with %d', async (path, status) => {
    expect((await ask(path)).status).toBe(status)
  })
})

describe.each([
  ['the bucket', () => bucket],
  ['the bucket in memory', () => makeMemoryFiles()],
])('%s', (_name, open) => {
  it('pins reads to a version, keeps what was written first, and streams', async () => {
    const files = open()
    const path = `work/acme/contract-${Date.now()}`
    expect(await files.head(path)).toBeUndefined()
    expect(await files.putFirst(path, Buffer.from('first'))).toBe(true)
    expect(await files.putFirst(path, Buffer.from('second'))).toBe(false)
    const version = await files.head(path)
    expect(version).toMatchObject({ sizeBytes: 5 })
    expect(await textOf(files.read({ key: path, etag: version?.etag ?? '' }, { start: 1, end: 4 }))).toBe('irs')
    await files.putStream(path, pieces(3, 3_000_000))
    expect(await files.head(path)).toMatchObject({ sizeBytes: 9_000_000 })
    const stale = textOf(files.read({ key: path, etag: version?.etag ?? '' }))
    await expect(stale).rejects.toMatchObject({ missing: 'changed' })
    await files.remove(path)
    await expect(textOf(files.read({ key: path }))).rejects.toBeInstanceOf(VersionMissing)
  })
})

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all).toString()
}

async function* pieces(count: number, bytes: number) {
  for (let n = 0; n < count; n++) yield Buffer.alloc(bytes, 'x')
}
