// What decides about batches, filters, routes and schedules, without anything running.
import { describe, expect, it } from 'vitest'
import { isTextBody } from '../../local/api/event.ts'
import { makeMatcher } from '../../local/api/routes.ts'
import { makeTokenBucket } from '../../local/api/throttle.ts'
import type { Outcome } from '../../local/functions/process.ts'
import { verdictOf } from '../../local/sources/batch-answer.ts'
import { encodedKey } from '../../local/sources/bucket-notifications.ts'
import { matchesPattern } from '../../local/sources/filter.ts'
import { mappingOf } from '../../local/sources/mapping.ts'
import { parseSchedule } from '../../local/sources/schedule-expression.ts'
import { type GivenUp, workOffBatch } from '../../local/sources/stream-batch.ts'
import type { StreamRecord } from '../../local/sources/stream-record.ts'

const route = (key: string) => ({ key, functionName: key, timeoutMs: 1 })

describe('routes', () => {
  const match = makeMatcher(
    [
      'ANY /{proxy+}',
      'GET /orgs/{org}',
      'GET /orgs/self',
      'ANY /orgs/{org}',
      'POST /orgs/{org}/x/{rest+}',
      '$default',
    ].map(route),
  )
  it.each([
    ['GET', '/orgs/self', 'GET /orgs/self', {}],
    ['GET', '/orgs/a%20b', 'GET /orgs/{org}', { org: 'a b' }],
    ['PUT', '/orgs/a', 'ANY /orgs/{org}', { org: 'a' }],
    ['POST', '/orgs/a/x/b/c', 'POST /orgs/{org}/x/{rest+}', { org: 'a', rest: 'b/c' }],
    ['GET', '/other/path', 'ANY /{proxy+}', { proxy: 'other/path' }],
    ['GET', '/', '$default', {}],
  ])('leads %s %s to %s', (method, path, key, pathParameters) => {
    expect(match(method, path)).toEqual({ route: route(key), pathParameters })
  })

  it('finds nothing where nothing fits', () => {
    expect(makeMatcher([route('GET /a')])('POST', '/a')).toBeUndefined()
  })
})

it.each([
  ['application/json', true],
  ['application/json; charset=utf-8', true],
  ['text/csv', true],
  ['application/problem+json', true],
  ['application/octet-stream', false],
  [undefined, false],
])('takes a body of type %s as text: %s', (type, expected) => {
  expect(isTextBody(type)).toBe(expected)
})

it('lets a burst pass, then the rate', () => {
  let nowMs = 0
  const take = makeTokenBucket({ ratePerSecond: 10, burst: 2 }, () => nowMs)
  expect([take(), take(), take()]).toEqual([true, true, false])
  nowMs = 100
  expect([take(), take()]).toEqual([true, false])
})

describe('filters', () => {
  const record = { eventName: 'INSERT', dynamodb: { NewImage: { kind: { S: 'send' }, n: 5 } } }
  it.each([
    [{ eventName: ['INSERT', 'MODIFY'] }, true],
    [{ eventName: ['REMOVE'] }, false],
    [{ dynamodb: { NewImage: { kind: { S: [{ prefix: 'se' }] } } } }, true],
    [{ dynamodb: { NewImage: { kind: { S: [{ 'anything-but': ['send'] }] } } } }, false],
    [{ dynamodb: { NewImage: { gone: [{ exists: false }] } } }, true],
    [{ dynamodb: { OldImage: { kind: { S: [{ exists: true }] } } } }, false],
    [{ dynamodb: { NewImage: { n: [{ numeric: ['>', 3, '<=', 5] }] } } }, true],
  ])('%j: %s', (pattern, expected) => {
    expect(matchesPattern(pattern, record)).toBe(expected)
  })
})

describe('a batch answer', () => {
  const known = new Set(['1', '2'])
  it.each([
    ['null', 'done'],
    ['{}', 'done'],
    ['{"batchItemFailures":[]}', 'done'],
    ['{"batchItemFailures":[{"itemIdentifier":"2"}]}', 'failed-items'],
    ['{"batchItemFailures":[{"itemIdentifier":""}]}', 'failed'],
    ['{"batchItemFailures":[{"itemIdentifier":"9"}]}', 'failed'],
    ['{"batchItemFailures":[{"id":"1"}]}', 'failed'],
    ['"text"', 'failed'],
  ])('%s is %s', (text, kind) => {
    expect(verdictOf(text, known).kind).toBe(kind)
  })
})

describe('a stream batch', () => {
  const records = (...numbers: number[]): StreamRecord[] =>
    numbers.map((n) => ({ sequenceNumber: String(n), partition: '', createdMs: Date.now(), event: { n } }))
  const run = async (
    properties: Record<string, string | number | boolean | string[]>,
    answer: (numbers: unknown[]) => string | undefined,
    batch = records(1, 2, 3, 4),
  ) => {
    const invoked: unknown[][] = []
    const done: string[] = []
    const givenUp: GivenUp[] = []
    const invoke = async (event: { readonly Records?: unknown }): Promise<Outcome> => {
      const numbers = Array.isArray(event.Records) ? event.Records.map((record: { n: number }) => record.n) : []
      invoked.push(numbers)
      const resultText = answer(numbers)
      return resultText === undefined
        ? { kind: 'error', error: { errorType: 'E', errorMessage: '', trace: [] } }
        : { kind: 'result', resultText }
    }
    const mapping = mappingOf({
      id: 'M',
      type: '',
      name: 'M',
      properties: { EventSourceArn: 'arn:aws:dynamodb:x:y:table/t/stream/1', ...properties },
    })
    await workOffBatch(batch, {
      mapping,
      invoke,
      done: (some) => done.push(...some.map(({ sequenceNumber }) => sequenceNumber)),
      giveUp: (some) => void givenUp.push(some),
      signal: new AbortController().signal,
    })
    return {
      invoked,
      done,
      givenUp: givenUp.map(
        ({ condition, records: some }) => `${condition} ${some.map(({ sequenceNumber }) => sequenceNumber)}`,
      ),
    }
  }
  const failing = (n: number) => (numbers: unknown[]) =>
    JSON.stringify({ batchItemFailures: numbers.includes(n) ? [{ itemIdentifier: String(n) }] : [] })
  const reports = { FunctionResponseTypes: ['ReportBatchItemFailures'] }

  it('goes on from the lowest failed record', async () => {
    let failures = 0
    const result = await run(reports, (numbers) => (numbers.includes(3) && failures++ < 1 ? failing(3)(numbers) : '{}'))
    expect(result).toEqual({
      invoked: [
        [1, 2, 3, 4],
        [3, 4],
      ],
      done: ['1', '2', '3', '4'],
      givenUp: [],
    })
  })

  it('splits a batch that fails until the poison is alone, and gives up only that', async () => {
    const result = await run({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 }, (numbers) =>
      numbers.includes(3) ? undefined : 'null',
    )
    expect(result.invoked).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [4]])
    expect(result.done).toEqual(['1', '2', '4'])
    expect(result.givenUp).toEqual(['RetryAttemptsExhausted 3'])
  })

  it('gives up the rest of a batch after so many retries', async () => {
    const result = await run({ MaximumRetryAttempts: 1 }, () => undefined)
    expect(result.invoked).toHaveLength(2)
    expect(result.givenUp).toEqual(['RetryAttemptsExhausted 1,2,3,4'])
  })

  it('gives up records that are too old without invoking', async () => {
    const old = records(1).map((record) => ({ ...record, createdMs: Date.now() - 120_000 }))
    expect(await run({ MaximumRecordAgeInSeconds: 60 }, () => 'null', [...old, ...records(2)])).toEqual({
      invoked: [[2]],
      done: ['2'],
      givenUp: ['RecordAgeExceeded 1'],
    })
  })
})

it('encodes a key as S3 does in its notifications', () => {
  expect(encodedKey('in/a b+c (ü).csv')).toBe('in/a+b%2Bc+%28%C3%BC%29.csv')
})

describe('schedules', () => {
  const after = Date.parse('2026-11-23T10:02:30Z')
  it.each([
    ['rate(5 minutes)', '2026-11-23T10:07:30.000Z'],
    ['cron(0/15 * * * ? *)', '2026-11-23T10:15:00.000Z'],
    ['cron(30 4 ? * MON-FRI *)', '2026-11-24T04:30:00.000Z'],
    ['at(2026-12-01T00:00:00)', '2026-12-01T00:00:00.000Z'],
  ])('%s is next due at %s', (expression, expected) => {
    expect(new Date(parseSchedule(expression)(after) ?? 0).toISOString()).toBe(expected)
  })

  it('names an expression that it cannot read', () => {
    expect(() => parseSchedule('sometimes')).toThrow('sometimes')
  })
})
