// Streams, queues and buckets that set functions off, in a running fixture; and what a restart keeps.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { aws_lambda as lambda } from 'aws-cdk-lib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, type Started, startFixture } from './started.ts'

describe('event sources', () => {
  let fixture: Started
  beforeAll(async () => {
    fixture = await startFixture()
  }, 60_000)
  afterAll(() => fixture.stop())

  const deadLetters = async (): Promise<string[]> => {
    const { Messages } = await fixture.sqs('ReceiveMessage', {
      QueueUrl: fixture.resources.Dead,
      MaxNumberOfMessages: 10,
    })
    return Array.isArray(Messages) ? Messages.map((message: { Body: string }) => message.Body) : []
  }

  it('hands a written item to the function within a second', async () => {
    const answer = await fixture.fetchApi('/events/acme', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"sk":"quick"}',
    })
    expect(answer.status).toBe(202)
    const seen = await eventually('the record', () => fixture.findSeen('acme', 'quick'), 1_000)
    expect(seen.streamArn?.S).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/.+\/stream\/.+/)
  })

  it('hands a reported failure over again, and those after it', async () => {
    await Promise.all([fixture.putEvent('retry', 'a', { fails: 2 }), fixture.putEvent('retry', 'b')])
    await fixture.whenIdle()
    expect((await fixture.findSeen('retry', 'a'))?.seen?.N).toBe('3')
    expect(Number((await fixture.findSeen('retry', 'b'))?.seen?.N)).toBeGreaterThanOrEqual(1)
  })

  it('isolates poison by splitting, sends its place to the failure destination, and blocks nothing', async () => {
    await Promise.all(
      ['a', 'b', 'poison', 'c', 'd'].map((sk) => fixture.putEvent('split', sk, { throws: sk === 'poison' })),
    )
    await fixture.whenIdle()
    for (const sk of ['a', 'b', 'c', 'd']) expect(await fixture.findSeen('split', sk)).toBeDefined()
    const letters = await eventually('a dead letter', async () => {
      const found = await deadLetters()
      return found.length > 0 ? found : undefined
    })
    expect(JSON.parse(letters[0] ?? '')).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      responseContext: { functionError: 'Unhandled' },
      DDBStreamBatchInfo: { batchSize: 1 },
    })
  })

  it('deletes handled messages and lets failed ones come back, then moves them aside', async () => {
    for (const body of ['good-1', 'bad-1'])
      await fixture.sqs('SendMessage', { QueueUrl: fixture.resources.Jobs, MessageBody: body })
    const seen = await eventually('the message', () => fixture.findSeen('message', 'good-1'))
    expect(JSON.parse(seen.text?.S ?? '')).toMatchObject({
      eventSource: 'aws:sqs',
      attributes: { ApproximateReceiveCount: '1' },
    })
    await eventually(
      'the second delivery',
      async () => (Number((await fixture.findSeen('message', 'bad-1'))?.seen?.N) >= 2 ? true : undefined),
      9_000,
    )
    expect((await fixture.findSeen('message', 'good-1'))?.seen?.N).toBe('1')
  }, 15_000)

  it('notifies of an object under the watched prefix only, its key encoded', async () => {
    for (const Key of ['out/x', 'in/a b+ü.csv'])
      await fixture.s3.send(new PutObjectCommand({ Bucket: fixture.resources.Drops, Key, Body: 'x' }))
    const seen = await eventually('the notification', () => fixture.findSeen('object', 'in/a+b%2B%C3%BC.csv'))
    expect(JSON.parse(seen.text?.S ?? '')).toMatchObject({
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: fixture.resources.Drops }, object: { size: 1 } },
    })
    expect(await fixture.findSeen('object', 'out/x')).toBeUndefined()
  })
})

describe('a restart', () => {
  it('keeps tables and objects, and goes on in the stream where it stopped', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'kept-'))
    try {
      const first = await startFixture({ dataDir })
      await first.putEvent('kept', 'before')
      await first.whenIdle()
      await first.stop()

      // While the mapping is off, records pile up unread.
      const pause = (stack: Parameters<NonNullable<NonNullable<Parameters<typeof startFixture>[0]>['change']>>[0]) => {
        for (const child of stack.node.findAll())
          if (child instanceof lambda.CfnEventSourceMapping) child.enabled = false
      }
      const paused = await startFixture({ dataDir, change: pause })
      await paused.putEvent('kept', 'meanwhile')
      await paused.stop()

      const second = await startFixture({ dataDir })
      await eventually('the piled up record', () => second.findSeen('kept', 'meanwhile'))
      await second.whenIdle()
      expect((await second.findSeen('kept', 'before'))?.seen?.N).toBe('1')
      expect((await second.findSeen('kept', 'meanwhile'))?.seen?.N).toBe('1')
      await second.stop()
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  }, 60_000)
})
