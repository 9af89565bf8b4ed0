// The bucket's client where S3 answers what the bucket here never does: two conditional writes of one key that meet.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { S3Client } from '@aws-sdk/client-s3'
import { afterEach, describe, expect, it } from 'vitest'
import { makeFileStore } from '../../lambdas/clients/file-store.ts'

let server: Server | undefined
afterEach(() => server?.close())

const errorOf = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`

/** A bucket that answers these, one after another, the last for ever. */
async function answering(...statuses: readonly (200 | 409 | 412)[]) {
  let calls = 0
  server = createServer((request, response) => {
    const status = statuses[Math.min(calls++, statuses.length - 1)] ?? 200
    request.resume().on('end', () => {
      if (status === 200) response.writeHead(200, { etag: '"x"' }).end()
      else response.writeHead(status).end(errorOf(status === 409 ? 'ConditionalRequestConflict' : 'PreconditionFailed'))
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' }
  const endpoint = `http://127.0.0.1:${port}`
  const store = makeFileStore(
    new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true }),
    'files',
  )
  return { put: () => store.putFirst('work/look', Buffer.from('x')), calls: () => calls }
}

describe('a first write that meets another of the same key', () => {
  it('is tried again, for the other may come to nothing', async () => {
    const { put, calls } = await answering(409, 409, 200)
    expect(await put()).toBe(true)
    expect(calls()).toBe(3)
  })

  it('knows when the other was first', async () => {
    const { put } = await answering(409, 412)
    expect(await put()).toBe(false)
  })

  it('fails when others stay in the way, and does not take the object for written', async () => {
    const { put, calls } = await answering(409)
    await expect(put()).rejects.toMatchObject({ name: 'ConditionalRequestConflict' })
    expect(calls()).toBe(5)
  })
})
