// The gate of a running fixture, met through the real SDK: refusals, S3's fine print, secrets, faults.

import { Readable } from 'node:stream'
import { DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, type Started, startFixture } from './started.ts'

let fixture: Started
beforeAll(async () => {
  fixture = await startFixture()
}, 60_000)
afterAll(() => fixture.stop())

const deed = async (path: string) => jsonOf(await fixture.fetchApi(`/do/${path}`))
const bucket = () => fixture.resources.Drops

describe('a call without a grant', () => {
  it('is refused by DynamoDB as on AWS', async () => {
    const refused = await deed('scan')
    expect(refused).toMatchObject({ name: 'AccessDeniedException', status: 400 })
    expect(refused.message).toMatch(
      /^User: arn:aws:sts::000000000000:assumed-role\/.+ is not authorized to perform: dynamodb:Scan on resource: arn:aws:dynamodb:us-east-1:000000000000:table\/.+ because no identity-based policy allows the dynamodb:Scan action$/,
    )
  })

  it('is refused by S3 as on AWS', async () => {
    expect(await deed('object?key=closed/x')).toMatchObject({ name: 'AccessDenied', status: 403 })
  })

  it('is in the report beside the grants that were used', async () => {
    await deed('get')
    const grants: { action: string; function: string; used: boolean }[] = await fixture.admin('/grants')
    const used = (action: string) =>
      grants.find((grant) => grant.action === action && grant.function === fixture.resources.Api)?.used
    expect([used('dynamodb:GetItem'), used('dynamodb:DescribeTable')]).toEqual([true, false])
    const calls: { action: string; allowed: boolean }[] = await fixture.admin('/calls')
    expect(calls).toContainEqual(expect.objectContaining({ action: 'dynamodb:Scan', allowed: false }))
  })
})

describe('S3', () => {
  const put = (Key: string, Body: string | Readable, more = {}) =>
    fixture.s3.send(new PutObjectCommand({ Bucket: bucket(), Key, Body, ...more }))
  const get = (Key: string, more = {}) => fixture.s3.send(new GetObjectCommand({ Bucket: bucket(), Key, ...more }))

  it('gives a granted object to a function, and hides missing ones from who may not list', async () => {
    await put('open/a b+c', 'hello')
    expect(await deed(`object?key=${encodeURIComponent('open/a b+c')}`)).toEqual({ text: 'hello' })
    expect(await deed('object?key=open/none')).toMatchObject({ name: 'NoSuchKey' })
  })

  it('holds a ranged read to its If-Match', async () => {
    const { ETag } = await put('ranged', '0123456789')
    const part = await get('ranged', { Range: 'bytes=2-4', IfMatch: ETag })
    expect(await part.Body?.transformToString()).toBe('234')
    await put('ranged', 'overwritten')
    await expect(get('ranged', { Range: 'bytes=2-4', IfMatch: ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    })
  })

  it('refuses to overwrite where the writer asked for a new object', async () => {
    await put('once', 'a', { IfNoneMatch: '*' })
    await expect(put('once', 'b', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
  })

  it('stores a streamed upload without its framing', async () => {
    const text = 'x'.repeat(200_000)
    await put('streamed', Readable.from([Buffer.from(text)]), { ContentLength: text.length })
    expect(await (await get('streamed')).Body?.transformToString()).toBe(text)
  })

  it('lists by prefix and aborts an upload', async () => {
    await put('list/a', '1')
    const { Contents } = await fixture.s3.send(new ListObjectsV2Command({ Bucket: bucket(), Prefix: 'list/' }))
    expect(Contents?.map(({ Key }) => Key)).toEqual(['list/a'])
    const upload = { Bucket: bucket(), Key: 'big' }
    const { UploadId } = await fixture.s3.send(new CreateMultipartUploadCommand(upload))
    await fixture.s3.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'part' }))
    await expect(fixture.s3.send(new AbortMultipartUploadCommand({ ...upload, UploadId }))).resolves.toMatchObject({
      $metadata: { httpStatusCode: 204 },
    })
  })
})

describe('Secrets Manager', () => {
  it('keeps the previous value beside the current one', async () => {
    const { url: endpoint, region, credentials } = fixture.local.ready.endpoints.secretsmanager
    const secrets = new SecretsManagerClient({ endpoint, region, credentials })
    await secrets.send(new CreateSecretCommand({ Name: 'a/b', SecretString: 'one' }))
    const { ARN } = await secrets.send(new PutSecretValueCommand({ SecretId: 'a/b', SecretString: 'two' }))
    const read = async (VersionStage: string) =>
      (await secrets.send(new GetSecretValueCommand({ SecretId: ARN, VersionStage }))).SecretString
    expect([await read('AWSCURRENT'), await read('AWSPREVIOUS')]).toEqual(['two', 'one'])
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    })
  })

  it('gives a function the template’s secret', async () => {
    expect(await deed('secret')).toMatchObject({ Name: 'fixture/dev/org', VersionStages: ['AWSCURRENT'] })
  })
})

it('makes tables with their time to live', async () => {
  const { TimeToLiveDescription } = await fixture.dynamodb.send(
    new DescribeTimeToLiveCommand({ TableName: fixture.resources.Events }),
  )
  expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' })
})

describe('faults', () => {
  it.each([
    [{ mode: 'unavailable', count: 1 }, 'InternalServerError'],
    [{ mode: 'throttle', count: 1 }, 'ProvisionedThroughputExceededException'],
    [{ mode: 'refuse', count: 1 }, 'AccessDeniedException'],
    [{ mode: 'cut', count: 1 }, 'Error'],
  ])('%j meet a function, then end', async (fault, name) => {
    await fetch(`${fixture.local.adminUrl}/faults`, {
      method: 'POST',
      body: JSON.stringify({ service: 'dynamodb', action: 'GetItem', ...fault }),
    })
    expect((await deed('get')).name).toContain(name)
    expect((await deed('get')).name).toBeUndefined()
  })
})
