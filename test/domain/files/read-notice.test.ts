// Word of an object as S3 sends it: keys encoded like a form, several records in one message, and kinds that are no news.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNotice } from '../../../lambdas/domain/files/read-notice.ts'

const record = (key: string, eventName = 'ObjectCreated:Put') => ({ eventName, s3: { object: { key } } })
const notified = (...Records: object[]) => readNotice(JSON.stringify({ Records }))
/** As S3 encodes: a space is `+`, and a plus is not. */
const encode = (key: string) => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/')

describe('the key in a notification', () => {
  it.each([
    ['incoming/acme/events/dt%3D2026-11-18/a.csv', 'incoming/acme/events/dt=2026-11-18/a.csv'],
    ['a/black+friday.csv', 'a/black friday.csv'],
    ['a/1%2B1.csv', 'a/1+1.csv'],
    ['a/50%25+off.csv', 'a/50% off.csv'],
    ['a/caf%C3%A9.csv', 'a/café.csv'],
  ])('%s is that of %s', (encoded, key) => expect(notified(record(encoded))).toEqual([{ kind: 'plan', key }]))

  it('comes back whatever stands in it', () => {
    const keys = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(keys, (key) => {
        expect(notified(record(encode(key)))).toEqual([{ kind: 'plan', key }])
      }),
    )
  })
})

describe('a notification', () => {
  it('tells of every object in it that was written, however it was', () => {
    const parts = record('b.csv', 'ObjectCreated:CompleteMultipartUpload')
    const notices = notified(record('a.csv'), record('gone.csv', 'ObjectRemoved:Delete'), parts)
    expect(notices).toEqual([
      { kind: 'plan', key: 'a.csv' },
      { kind: 'plan', key: 'b.csv' },
    ])
  })

  it('tells of none when S3 only tries the queue', () => {
    expect(readNotice(JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' }))).toEqual([])
  })
})

it('takes our own notices as they are, and throws at anything else', () => {
  const finish = { kind: 'finish', org: 'acme', importId: 'i', stuck: true }
  expect(readNotice(JSON.stringify(finish))).toEqual([finish])
  for (const body of ['{}', '[]', 'no json', '{"kind":"finish","org":"NO","importId":"i"}']) {
    expect(() => readNotice(body)).toThrow()
  }
})
