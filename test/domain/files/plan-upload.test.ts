// Where a file from the console goes, and which files are refused before a byte of them is sent.
import { describe, expect, it } from 'vitest'
import { orgSlugSchema } from '../../../contract/ids.ts'
import { maxUploadBytes } from '../../../contract/limits.ts'
import { Fault } from '../../../lambdas/domain/api/fault.ts'
import { nameFile, rejectedKey } from '../../../lambdas/domain/files/name-file.ts'
import { planUpload } from '../../../lambdas/domain/files/plan-upload.ts'

const acme = orgSlugSchema.parse('acme')
const nowMs = Date.parse('2026-11-25T23:59:59.999Z')
const plan = (body: unknown) => planUpload(acme, body, nowMs)

describe('an upload', () => {
  it.each([
    ['a.csv', 'text/csv'],
    ['A b+é.CSV', 'text/csv'],
    ['a.csv.gz', 'application/gzip'],
    ['a.ndjson', 'application/x-ndjson'],
    ['a.jsonl.gz', 'application/gzip'],
    ['a.parquet', 'application/vnd.apache.parquet'],
  ])('of %s goes where a dropped file goes, as %s', (name, contentType) => {
    const key = `incoming/acme/events/dt=2026-11-25/${name}`
    expect(plan({ name, bytes: 5 })).toEqual({ key, contentType, bytes: 5 })
    expect(nameFile(key)).toMatchObject({ kind: 'file', org: 'acme' })
  })

  it('may name another source and day', () => {
    const { key } = plan({ name: 'a.csv', bytes: 1, source: 'shop', date: '2026-02-28' })
    expect(key).toBe('incoming/acme/shop/events/dt=2026-02-28/a.csv')
  })

  it('of the longest name fits the keys of S3, its report beside it', () => {
    const source = 's'.repeat(63)
    const { key } = planUpload(
      orgSlugSchema.parse('o'.repeat(63)),
      { name: `${'語'.repeat(196)}.csv`, bytes: 1, source },
      0,
    )
    expect(Buffer.byteLength(rejectedKey(key, 'csv'))).toBeLessThanOrEqual(1_024)
  })
})

describe('an upload is refused', () => {
  const good = { name: 'a.csv', bytes: 1 }
  it.each([
    [{ ...good, name: 'a.txt' }, 'name', /\.parquet/],
    [{ ...good, name: '_SUCCESS.csv' }, 'name', /begins with neither/],
    [{ ...good, name: '../other/events/a.csv' }, 'name', /matches/],
    [{ ...good, name: 'a\n.csv' }, 'name', /matches/],
    [{ ...good, name: '' }, 'name', /at least 1/],
    [{ ...good, name: `${'x'.repeat(197)}.csv` }, 'name', /at most 200/],
    [{ ...good, bytes: 0 }, 'bytes', /at least 1/],
    [{ ...good, bytes: maxUploadBytes + 1 }, 'bytes', /at most 5000000000/],
    [{ ...good, bytes: 1.5 }, 'bytes', /int/],
    [{ ...good, source: 'api' }, 'source', /streaming/],
    [{ ...good, source: 'a/b' }, 'source', /matches/],
    [{ ...good, date: '2026-02-30' }, 'date', /./],
    [{ ...good, org: 'other' }, '', /./],
    [[], '', /object/],
  ])('%#: %o', (body, path, allowed) => {
    const fault = faultOf(() => plan(body))
    expect(fault).toMatchObject({ code: 'body.invalid', details: [{ path }] })
    expect(fault.details[0]?.message).toMatch(allowed)
  })
})

function faultOf(run: () => unknown): Fault {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('nothing was refused')
}
