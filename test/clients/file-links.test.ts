// Signed addresses of the bucket: what they let through is checked by the arithmetic that S3 does.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFileLinks } from '../../lambdas/clients/file-links.ts'
import { presignedFault } from '../../local/gate/presigned.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const before = { ...process.env }
beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey
  process.env.AWS_REGION = 'eu-central-1'
})
afterAll(() => {
  process.env = before
})

const object = { key: 'incoming/acme/events/dt=2026-11-25/a b+é.csv', contentType: 'text/csv', bytes: 12 }
const links = () => makeFileLinks('files')
const hostOf = (url: string) => new URL(url).host

describe('an address to put a file at', () => {
  const headers = { 'content-type': 'text/csv', 'content-length': '12' }
  const judge = async (given: Record<string, string>, method = 'PUT', laterMs = 0) => {
    const url = await links().toPut(object, 900)
    const at = new URL(url)
    const request = { method, url: `${at.pathname}${at.search}`, headers: { host: at.host, ...given } }
    return presignedFault(request, credentials, Date.now() + laterMs)?.code
  }

  it('is that of the bucket on AWS, and signs no checksum of a body that is not there yet', async () => {
    const url = await links().toPut(object, 900)
    expect(hostOf(url)).toBe('files.s3.eu-central-1.amazonaws.com')
    expect(url).not.toMatch(/checksum-crc|checksum-sha/i)
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host')
  })

  it('takes the size and the type that were said, within the time', async () => {
    expect(await judge(headers)).toBeUndefined()
    expect(await judge(headers, 'PUT', 890_000)).toBeUndefined()
  })

  it.each([
    ['another size', { ...headers, 'content-length': '13' }, 'PUT', 0, 'SignatureDoesNotMatch'],
    ['another type', { ...headers, 'content-type': 'text/html' }, 'PUT', 0, 'SignatureDoesNotMatch'],
    ['another method', headers, 'GET', 0, 'SignatureDoesNotMatch'],
    ['later', headers, 'PUT', 901_000, 'AccessDenied'],
  ])('refuses %s', async (_what, given, method, laterMs, code) => {
    expect(await judge(given, method, laterMs)).toBe(code)
  })
})

it('an address to get a file from names the file that a browser keeps', async () => {
  const url = new URL(await links().toGet('reports/acme/events/dt=2026-11-25/a é.csv.report.json', 900))
  const request = { method: 'GET', url: `${url.pathname}${url.search}`, headers: { host: url.host } }
  expect(presignedFault(request, credentials, Date.now())).toBeUndefined()
  expect(url.searchParams.get('response-content-disposition')).toBe(
    "attachment; filename*=UTF-8''a%20%C3%A9.csv.report.json",
  )
})
