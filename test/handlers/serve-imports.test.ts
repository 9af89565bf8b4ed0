// What the audit log tells of files: who was given an address to put one, who had one taken up again.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FileImport } from '../../contract/import.ts'
import { makeImportStore } from '../../lambdas/store/imports.ts'
import { orgOf } from '../support/copy-settings.ts'
import { type Managed, startManaged } from '../support/managed.ts'
import { type Serve, serveAll } from '../support/served.ts'

let managed: Managed
let serve: Serve
let headers: Record<string, string>
beforeAll(async () => {
  managed = await startManaged()
  serve = serveAll(managed)
  headers = { 'x-api-key': await managed.makeKey('acme', ['admin']) }
})
afterAll(() => managed.issuer.close())

const newest = async () => (await managed.ask(['org:acme:admin'], 'GET', '/api/orgs/acme/audit')).body.entries[0]

it('an address that was given for a file, but not the address', async () => {
  const body = JSON.stringify({ name: 'purchases.csv', bytes: 12 })
  const { status, text } = await serve('POST', '/api/orgs/acme/imports', { headers, body })
  expect(status).toBe(200)
  const entry = await newest()
  expect(entry).toMatchObject({
    who: expect.stringMatching(/^key:/),
    action: 'POST /api/orgs/{org}/imports',
    what: `file:${JSON.parse(text).file}`,
    before: null,
    after: { bytes: 12, content_type: 'text/csv' },
  })
  expect(JSON.stringify(entry)).not.toContain(JSON.parse(text).upload.url)
})

it('a file that was taken up again, and nothing where it was refused', async () => {
  // Entries of one millisecond are in no order.
  managed.clock.nowMs += 1_000
  const { client, tables } = managed.database
  const failed: FileImport = {
    importId: '20261124T090000Z-0123456789abcdef',
    org: orgOf('acme'),
    key: 'incoming/acme/events/dt=2026-11-24/purchases.csv',
    source: 'files',
    etag: '0',
    sizeBytes: 1,
    modifiedAtMs: managed.clock.nowMs - 86_400_000,
    status: 'loading',
    startedAtMs: managed.clock.nowMs - 86_400_000,
    problems: [],
  }
  await makeImportStore(client, tables.settings).begin(failed)
  const path = `/api/orgs/acme/imports/${failed.importId}/retry`
  expect(await serve('POST', path, { headers })).toMatchObject({ status: 200 })
  const told = await newest()
  expect(told).toMatchObject({
    action: 'POST /api/orgs/{org}/imports/{import}/retry',
    what: `import:${failed.importId}`,
    before: { status: 'loading' },
    after: { status: 'loading' },
  })
  expect(await serve('POST', path, { headers })).toMatchObject({ status: 409 })
  expect(await newest()).toEqual(told)
})
