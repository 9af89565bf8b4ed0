import { describe, expect, test } from 'vitest'
import { readBatchBody, readGenerateBody, readGenerateQuery } from '../../../lambdas/domain/copy/normalise-generate.ts'

const refusal = (code: string, path: string, message: RegExp) =>
  expect.objectContaining({ code, details: [{ path, message: expect.stringMatching(message) }] })

describe('a body', () => {
  test('is read with attributes in lower case and the person as text', () => {
    const body = {
      template_id: 'welcome',
      user_id: 42,
      attrs: { Plan: 'PRO', Age: 7, Vip: true, Gone: null },
      fields: { a: [1] },
    }
    expect(readGenerateBody(body)).toEqual({
      userId: '42',
      attrs: new Map([
        ['plan', 'pro'],
        ['age', '7'],
        ['vip', 'true'],
      ]),
      fields: { a: [1] },
      requests: [{ templateId: 'welcome', copyId: undefined, trackingId: undefined }],
    })
  })

  test.each([null, ''])('names nobody and asks for nothing in particular when members are %j', (nothing) => {
    const call = readGenerateBody({ template_id: 'welcome', user_id: nothing, copy_id: nothing, tracking_id: nothing })
    expect(call.userId).toBeUndefined()
    expect(call.requests).toEqual([{ templateId: 'welcome', copyId: undefined, trackingId: undefined }])
  })

  test('takes null for attributes and fields as none, alone and in a batch', () => {
    const nothing = { attrs: null, fields: null }
    const none = { attrs: new Map(), fields: {} }
    expect(readGenerateBody({ template_id: 'welcome', ...nothing })).toMatchObject(none)
    expect(readBatchBody({ requests: [{ template_id: 'welcome' }], ...nothing })).toMatchObject(none)
  })

  test.each([
    [{}, 'template_id', /^Seen: nothing\. Allowed: string\.$/],
    [{ template_id: 'a b' }, 'template_id', /^Seen: text of 3 characters\. Allowed: text that matches .*\{1,64\}/],
    [{ template_id: 't', user_id: {} }, 'user_id', /^Seen: an object of 0\. Allowed: string or number\.$/],
    [{ template_id: 't', user_id: 2 ** 60 }, 'user_id', /^Seen: an inexact integer\. Allowed: text/],
    [{ template_id: 't', user_id: 'x'.repeat(513) }, 'user_id', /Allowed: .*at most 512 characters/],
    [
      { template_id: 't', attrs: { a: { b: 1 } } },
      'attrs.a',
      /^Seen: an object of 1\. Allowed: string or number or boolean or null/,
    ],
    [{ template_id: 't', fields: [] }, 'fields', /^Seen: an array of 0\. Allowed: object\.$/],
    [[], '', /^Seen: an array of 0\. Allowed: object\.$/],
    ['text', '', /^Seen: text of 4 characters\. Allowed: object\.$/],
  ])('%j is refused with where, what was seen and what is allowed', (body, path, message) => {
    expect(() => readGenerateBody(body)).toThrow(refusal('body.invalid', path, message))
  })

  test('never quotes what was sent', () => {
    try {
      readGenerateBody({ template_id: 'ann@example.com' })
      expect.unreachable()
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('ann@')
    }
  })
})

describe('a batch', () => {
  test('shares one person among its requests', () => {
    const call = readBatchBody({
      requests: [
        { template_id: 'a', copy_id: 'c1' },
        { template_id: 'b', tracking_id: 't' },
      ],
      user_id: 'u',
    })
    expect(call.userId).toBe('u')
    expect(call.requests.map(({ templateId, copyId, trackingId }) => [templateId, copyId, trackingId])).toEqual([
      ['a', 'c1', undefined],
      ['b', undefined, 't'],
    ])
  })

  test.each([
    [{ requests: [] }, 'requests', /^Seen: an array of 0\. Allowed: at least 1 elements/],
    [
      { requests: Array(21).fill({ template_id: 'a' }) },
      'requests',
      /^Seen: an array of 21\. Allowed: at most 20 elements/,
    ],
    [{ requests: [{ template_id: 'a' }, {}] }, 'requests[1].template_id', /^Seen: nothing/],
  ])('%j is refused', (body, path, message) => {
    expect(() => readBatchBody(body)).toThrow(refusal('body.invalid', path, message))
  })
})

describe('a query', () => {
  test('is read like a body', () => {
    const query =
      'template_id=welcome&user_id=a%2Bb%40x.org&copy_id=&attrs.Plan=PRO&fields.first_name=Ann+M&utm_source=x'
    expect(readGenerateQuery(query)).toEqual({
      userId: 'a+b@x.org',
      attrs: new Map([['plan', 'pro']]),
      fields: { first_name: 'Ann M' },
      requests: [{ templateId: 'welcome', copyId: undefined, trackingId: undefined }],
    })
  })

  test.each([
    ['', 'template_id', /^Seen: nothing/],
    ['template_id=', 'template_id', /^Seen: text of 0 characters/],
    ['template_id=a&template_id=b', 'template_id', /^Seen: twice/],
    ['template_id=a&attrs.x=1&attrs.x=2', 'attrs.x', /^Seen: twice/],
    ['template_id=a&attrs.__proto__=1', '', /__proto__/],
    ['template_id=a&fields.constructor=1', '', /constructor/],
  ])('%s is refused', (query, path, message) => {
    expect(() => readGenerateQuery(query)).toThrow(refusal('query.invalid', path, message))
  })
})
