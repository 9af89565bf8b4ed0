// Dropped files become events, each row once, and a report that is exact: whatever is told twice, lost, overwritten or killed.
import { gzipSync } from 'node:zlib'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { nameImport, rejectedKey, reportKey } from '../../lambdas/domain/files/name-file.ts'
import { reconcileFiles } from '../../lambdas/flows/reconcile-files.ts'
import { retryImport, type ServeImportsDeps } from '../../lambdas/flows/serve-imports.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { Killed, type Loading, makeLoading } from '../support/file-loading.ts'

// Ranges and parts of a few rows, so that small files have many.
vi.mock('../../contract/limits.ts', async (original) => ({
  ...(await original<object>()),
  fileRangeBytes: 300,
  parquetRangeRows: 3,
  rangesOnTheirWay: 3,
  harmlessInflationBytes: 100_000,
  looksPerPass: 20,
  finishSliceMs: 0,
}))

let database: TestDatabase
let orgs = 0
beforeAll(async () => {
  database = await makeTables()
})

const day = 'dt=2026-11-18'
const at = 1_795_000_000

function start(settings?: Parameters<typeof makeLoading>[2]) {
  const org = orgSlugSchema.parse(`files-${orgs++}`)
  const loading = makeLoading(database, [org], settings)
  const key = (name: string, source = '') => `incoming/${org}/${source}events/${day}/${name}`
  const load = async (name: string, body: string | Uint8Array) => {
    loading.files.drop(key(name), body)
    loading.announce(key(name))
    await loading.settle()
    return loading.report(key(name))
  }
  return { org, loading, key, load }
}

/** What the API works with. */
function serving({ deps, ledger }: Loading): ServeImportsDeps {
  const link = async () => 'https://bucket.example'
  return {
    imports: ledger,
    links: { toPut: link, toGet: link },
    sendNotices: deps.sendNotices,
    addAudit: async () => undefined,
    now: deps.now,
  }
}

/** Somebody of the org. */
const byKey = (org: OrgSlug) => ({ org, who: 'key:k', action: 'POST /api/orgs/{org}/imports/{import}/retry' })

/** Values of the events that an org has, by person; each event once. */
async function eventsOf(org: OrgSlug): Promise<string[]> {
  return (await itemsOf(org)).map(({ userId, value }) => `${userId} ${value}`).toSorted()
}

async function itemsOf(org: OrgSlug): Promise<Record<string, unknown>[]> {
  const seen: Record<string, unknown>[] = []
  let from: Record<string, unknown> | undefined
  do {
    const page = await database.client.send(
      new ScanCommand({ TableName: database.tables.events, ConsistentRead: true, ExclusiveStartKey: from as never }),
    )
    for (const item of (page.Items ?? []).map((each) => unmarshall(each))) {
      if (item.kind === 'custom' && String(item.pk).startsWith(`${org}#`)) seen.push(item)
    }
    from = page.LastEvaluatedKey
  } while (from !== undefined)
  return seen
}

function csv(rows: readonly string[]): string {
  return ['event_id,name,user_id,timestamp,value', ...rows, ''].join('\n')
}
const purchase = (n: number, value = '1.5') => `e${n},purchase,p${n},${at + n},${value}`
const purchases = (count: number, from = 0) => Array.from({ length: count }, (_, n) => purchase(from + n))
const persons = (count: number) => Array.from({ length: count }, (_, n) => `p${n} 1.5`).toSorted()

describe('a file of each format', () => {
  const rows = Array.from({ length: 40 }, (_, n) => ({
    event_id: `e${n}`,
    name: 'purchase',
    user_id: `p${n}`,
    timestamp: at + n,
    value: '1.5',
  }))
  const jsonl = rows.map((row) => JSON.stringify(row)).join('\n')
  const parquet = Buffer.from(
    parquetWriteBuffer({
      columnData: Object.keys(rows[0] ?? {}).map((name) => ({
        name,
        data: rows.map((row) => (name === 'timestamp' ? BigInt(row.timestamp) : Reflect.get(row, name))),
      })),
      rowGroupSize: 7,
    }),
  )
  it.each([
    ['purchases.csv', csv(purchases(40))],
    ['purchases.CSV', csv(purchases(40)).replaceAll('\n', '\r\n')],
    ['purchases.csv.gz', gzipSync(csv(purchases(40)))],
    ['purchases.jsonl', jsonl],
    ['purchases.ndjson.gz', gzipSync(`\ufeff${jsonl}\n`)],
    ['some folder/purchases+1 é.jsonl', jsonl],
    ['purchases.parquet', parquet],
  ])('%s is loaded in ranges, each row once', async (name, body) => {
    const { org, load } = start()
    const report = await load(name, body)
    expect(report).toMatchObject({ status: 'complete', rows: 40, accepted: 40, rejected: 0, rejected_file: null })
    expect(report.ranges).toBeGreaterThan(3)
    expect(await eventsOf(org)).toEqual(persons(40))
  })

  it('reads decimals, instants and large integers of Parquet as they are meant', async () => {
    const { org, load } = start()
    const body = Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'name', data: ['buy', 'buy'] },
          { name: 'user_id', data: [9_007_199_254_740_993n, 42n] },
          { name: 'event_timestamp', data: [new Date(at * 1000), new Date(at * 1000)] },
          { name: 'value', data: [35, 57.89], type: 'DOUBLE' },
        ],
      }),
    )
    expect(await load('a.parquet', body)).toMatchObject({ status: 'complete', accepted: 2 })
    expect(await eventsOf(org)).toEqual(['42 57.89', '9007199254740993 35'])
  })
})

describe('a page of Parquet that cannot be decoded', () => {
  const names = Array.from({ length: 20 }, (_, n) => `purchase ${n} ${'x'.repeat(30)}`)
  const body = Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'name', data: names },
        { name: 'user_id', data: names.map((_, n) => `person-${n}`) },
        { name: 'value', data: names.map(() => '1.5') },
      ],
      rowGroupSize: 5,
      codec: 'SNAPPY',
    }),
  )
  // The page header lies before the first person of the second group; what follows it no longer unpacks.
  const damaged = Buffer.from(body)
  damaged.fill(0xff, damaged.indexOf('person-5') - 3, damaged.indexOf('person-5') + 12)

  it('rejects the rows of its ranges, by their numbers, and the rest of the file counts', async () => {
    const { org, loading, key, load } = start()
    const report = await load('a.parquet', damaged)
    expect(report).toMatchObject({ status: 'complete_with_errors', problems: [], rows: 20, accepted: 15, rejected: 5 })
    expect(report.reasons).toEqual({ 'row.parquet': 5 })
    const rejected = (loading.files.text(rejectedKey(key('a.parquet'), 'parquet')) ?? '').trim().split('\n')
    expect(rejected.map((line) => JSON.parse(line).rejected_line)).toEqual([6, 7, 8, 9, 10])
    expect(JSON.parse(rejected[0] ?? '').rejected_reasons[0]).toMatch(/^row\.parquet: row: seen a page/)
    expect(await eventsOf(org)).toHaveLength(15)
  })
})

describe('a row whose properties are nested without end', () => {
  const deep = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`
  const rows = ['', deep, ''].map((properties, n) => ({
    event_id: `e${n}`,
    name: 'purchase',
    user_id: `p${n}`,
    value: '1.5',
    ...(properties !== '' && { properties }),
  }))
  const parquet = parquetWriteBuffer({
    columnData: [
      { name: 'name', data: rows.map(() => 'purchase') },
      { name: 'user_id', data: rows.map(({ user_id }) => user_id) },
      { name: 'value', data: rows.map(() => '1.5') },
      { name: 'properties', data: ['{}', deep, '{}'] },
    ],
  })
  const quoted = `"${deep.replaceAll('"', '""')}"`
  it.each([
    ['a.csv', `name,user_id,value,properties\na,p0,1.5,\na,p1,1.5,${quoted}\na,p2,1.5,\n`],
    ['a.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')],
    ['a.parquet', Buffer.from(parquet)],
  ])('%s: is rejected alone, with its number and the reason', async (name, body) => {
    const { org, loading, load } = start()
    const report = await load(name, body)
    expect(report).toMatchObject({ status: 'complete_with_errors', rows: 3, accepted: 2, rejected: 1 })
    expect(report.reasons).toEqual({ 'event.invalid': 1 })
    expect(await eventsOf(org)).toEqual(['p0 1.5', 'p2 1.5'])
    const [rejected = ''] = loading.files.keys('reports/').filter((each) => each.includes('rejected'))
    expect(loading.files.text(rejected)).toMatch(/(^|\n)(3|\{"rejected_line":2),/)
  })
})

describe('what a report counts', () => {
  it('is every row once: new, said again, changed, unchanged, rejected', async () => {
    const { org, load } = start()
    expect(await load('1.csv', csv(purchases(30)))).toMatchObject({ rows: 30, accepted: 30 })
    const second = await load(
      '2.csv',
      csv([...purchases(10), purchase(10, '9'), ...purchases(5, 28), purchase(32), 'x']),
    )
    expect(second).toMatchObject({ rows: 18, accepted: 3, unchanged: 12, changed: 1, duplicate: 1, rejected: 1 })
    expect(second).toMatchObject({ status: 'complete_with_errors', reasons: { 'row.columns': 1 } })
    expect((await eventsOf(org)).length).toBe(33)
    expect(await eventsOf(org)).toContain('p10 9')
  })

  it('says unchanged of a file that is dropped again, under its own name or another', async () => {
    const { org, load } = start()
    const body = `${csv(purchases(20))}${Array.from({ length: 20 }, (_, n) => `,signup,q${n},,\n`).join('')}`
    expect(await load('a.csv', body)).toMatchObject({ rows: 40, accepted: 40 })
    const before = await eventsOf(org)
    expect(await load('a.csv', body)).toMatchObject({ rows: 40, accepted: 0, unchanged: 40 })
    expect(await load('b.csv', body)).toMatchObject({ rows: 40, accepted: 0, unchanged: 40 })
    expect(await eventsOf(org)).toEqual(before)
  })

  it('keeps orgs and sources apart, whatever a row says', async () => {
    const { org, loading, key, load } = start()
    await load('a.csv', csv(purchases(3)))
    loading.files.drop(key('a.csv', 'shop/'), csv(purchases(3)))
    loading.announce(key('a.csv', 'shop/'))
    await loading.settle()
    expect(loading.report(key('a.csv', 'shop/'))).toMatchObject({ accepted: 3, unchanged: 0 })
    const rows = [`{"name":"a","user_id":"x","org":"other"}`, `{"name":"a","user_id":"x","org":"${org}"}`]
    const report = await load('b.jsonl', rows.join('\n'))
    expect(report).toMatchObject({ accepted: 1, rejected: 1, reasons: { 'row.other_org': 1 } })
  })
})

describe('times of rows', () => {
  it('may be seconds, milliseconds and dates in one file; what is none of them is rejected by itself', async () => {
    const { org, load } = start()
    const seconds = at
    const iso = new Date(seconds * 1_000).toISOString()
    const times = [`${seconds}`, `${seconds}000`, iso, '', 'yesterday', '2026-13-01T00:00:00Z', '17']
    const report = await load('a.csv', csv(times.map((time, n) => `e${n},purchase,p${n},${time},1.5`)))
    expect(report).toMatchObject({ rows: 7, accepted: 4, rejected: 3, reasons: { 'event.invalid': 3 } })
    const found = (await itemsOf(org)).map(({ atMs }) => Number(atMs)).toSorted()
    // The one without a time has that of the file, which is the same here.
    expect(found).toEqual(Array(4).fill(at * 1_000))
  })
})

describe('rejected rows', () => {
  it('are given back in their own words, with line and every reason, and count once mended', async () => {
    const { org, loading, key, load } = start()
    const bad = ['e9,,p9,never,x', 'e8,"purchase,p8,1795000000,1', 'e7,purchase,p7']
    expect(await load('a.csv', csv([...purchases(3), ...bad, ...purchases(3, 3)]))).toMatchObject({
      accepted: 6,
      rejected: 3,
    })
    const rejected = loading.files.text(rejectedKey(key('a.csv'), 'csv')) ?? ''
    const lines = rejected.split('\n')
    expect(lines[0]).toBe('rejected_line,rejected_reasons,event_id,name,user_id,timestamp,value')
    expect(lines[1]).toMatch(
      /^5,"event\.missing: name: .*; event\.invalid: timestamp: .*; value\.invalid: .*",e9,,p9,never,x$/,
    )
    expect(lines[2]).toMatch(/^6,"row\.quotes: .*",e8,"purchase,p8,1795000000,1$/)
    expect(lines[3]).toMatch(/^7,"row\.columns: row: seen 3 columns; allowed 5.*",e7,purchase,p7$/)
    const mended = rejected
      .replace('e9,,p9,never,x', purchase(9))
      .replace('e8,"purchase,p8,1795000000,1', purchase(8))
      .replace('e7,purchase,p7', purchase(7))
    expect(await load('a-mended.csv', mended)).toMatchObject({ status: 'complete', accepted: 3, unknown_columns: [] })
    expect(await eventsOf(org)).toEqual([...persons(6), 'p7 1.5', 'p8 1.5', 'p9 1.5'].toSorted())
    // The same rows, as the first file would have had them.
    expect(await load('whole.csv', csv([7, 8, 9].map((n) => purchase(n))))).toMatchObject({ unchanged: 3 })
  })

  it('of JSON stay JSON, and what is none is kept as text', async () => {
    const { loading, key, load } = start()
    const rows = ['{"name":"a b","user_id":"é","value":"x"}', 'no json', '{}', '[1]', '{"name":"ok","user_id":"x"}']
    expect(await load('a.jsonl', rows.join('\n'))).toMatchObject({ accepted: 1, rejected: 4 })
    const lines = (loading.files.text(rejectedKey(key('a.jsonl'), 'jsonl')) ?? '').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { rejected_line: 1, name: 'a b', user_id: 'é', value: 'x' },
      { rejected_line: 2, rejected_row: 'no json' },
      { rejected_line: 3, rejected_reasons: [expect.stringContaining('event.missing')] },
      { rejected_line: 4, rejected_row: '[1]' },
    ])
    const mended = (lines[0] ?? '').replace('"value":"x"', '"value":"2"')
    expect(await load('b.jsonl', mended)).toMatchObject({ status: 'complete', accepted: 1 })
    expect(await load('c.jsonl', '{"name":"a b","user_id":"é","value":"2"}')).toMatchObject({ unchanged: 1 })
  })

  it('are no longer beside a file that was mended under its own name', async () => {
    const { loading, key, load } = start()
    await load('a.csv', csv(['x']))
    expect(loading.files.keys('reports/').filter((each) => each.includes('rejected'))).toHaveLength(1)
    expect(await load('a.csv', csv(purchases(1)))).toMatchObject({ status: 'complete', rejected_file: null })
    expect(loading.files.text(rejectedKey(key('a.csv'), 'csv'))).toBeUndefined()
  })
})

describe('what is wrong with a file', () => {
  const gzipped = gzipSync(csv(purchases(400)))
  const noise = gzipSync(
    Array.from({ length: 400 }, (_, n) => `{"name":"a","user_id":"p${(n * 7919) % 1009}","n":${n}}`).join('\n'),
  )
  it.each([
    ['a.txt', 'x', 'file.name', 0],
    ['a.csv', '', 'file.empty', 0],
    ['a.csv', csv([]), 'file.no_rows', 0],
    ['a.jsonl', '\n\n', 'file.no_rows', 0],
    ['a.csv', 'a;b;c\n1;2;3\n', 'file.no_columns', 0],
    ['quotes.csv', 'name,"user_id\npurchase,1\n', 'file.header', 0],
    ['quotes.csv.gz', gzipSync('name,"user_id\npurchase,1\n'), 'file.header', 0],
    ['a.csv', 'name,user_id,name\na,b,c\n', 'file.twice_column', 0],
    ['a.csv.gz', 'not gzip', 'file.gzip', 0],
    ['a.csv.gz', gzipSync(Buffer.alloc(2_000_000)), 'file.gzip_bomb', 0],
    ['a.parquet', 'not parquet', 'file.parquet', 0],
    ['a.csv.gz', gzipped.subarray(0, gzipped.length / 2), 'file.gzip_truncated', 1],
    ['a.jsonl.gz', noise.subarray(0, noise.length - 4), 'file.gzip_truncated', 399],
  ])('%s: %#', async (name, body, code, rows) => {
    const { load } = start()
    const report = await load(name, body)
    expect(report).toMatchObject({ status: 'failed', problems: [{ code }] })
    expect(report.problems[0]?.message).toMatch(/seen|The/)
    expect(report.rows).toBeGreaterThanOrEqual(rows)
    expect(report.rows).toBe(report.accepted + report.duplicate)
    if (rows === 0) expect(report.rows).toBe(0)
  })

  it.each(['a.csv', 'incoming-a.csv', 'events/dt=2026-11-18/a.csv', 'x/events/dt=soon/a.csv'])(
    'is told beside it when the key is %s',
    async (path) => {
      const { loading } = start()
      const key = `incoming/${path}`
      loading.files.drop(key, csv(purchases(1)))
      loading.announce(key)
      await loading.settle()
      expect(loading.report(key)).toMatchObject({ status: 'failed', problems: [{ code: 'file.place' }], rows: 0 })
    },
  )

  it('is refused the source of streamed events, whose first content stays', async () => {
    const { loading, key, org } = start()
    const mine = key('a.csv', 'api/')
    loading.files.drop(mine, csv(purchases(1)))
    loading.announce(mine)
    await loading.settle()
    const problems = [{ code: 'file.source', message: expect.stringContaining('api') }]
    expect(loading.report(mine)).toMatchObject({ status: 'failed', problems, rows: 0 })
    expect(await eventsOf(org)).toEqual([])
  })

  it('is told when nobody knows the org', async () => {
    const { loading } = start()
    const key = `incoming/strangers/events/${day}/a.csv`
    loading.files.drop(key, csv(purchases(1)))
    loading.announce(key)
    await loading.settle()
    expect(loading.report(key)).toMatchObject({ status: 'failed', problems: [{ code: 'file.org' }] })
  })

  it('says which columns it knows nothing of, and which of its own names an org gave', async () => {
    const { org, load } = start({
      fileColumns: [
        { member: 'user_id', column: 'Customer No' },
        { member: 'value', column: 'amount' },
      ],
    })
    const report = await load('a.csv', 'Name,customer no,AMOUNT,colour\nbuy,p1,2.5,red\nbuy,p1,2.5,blue\n')
    expect(report).toMatchObject({ status: 'complete', accepted: 2, unknown_columns: ['colour'] })
    expect(await eventsOf(org)).toEqual(['p1 2.5', 'p1 2.5'])
  })

  it('is nothing for the markers of other tools', async () => {
    const { loading, key } = start()
    for (const name of ['_SUCCESS', '.part.crc', 'folder/']) {
      loading.files.drop(key(name), '')
      loading.announce(key(name))
    }
    await loading.settle()
    expect(loading.files.keys('reports/')).toEqual([])
  })

  it('is only the row that is many times too long, packed or not', { timeout: 60_000 }, async () => {
    const { org, load } = start()
    const body = Buffer.concat([
      Buffer.from(csv([purchase(0)])),
      Buffer.alloc(5_000_000, 'x'),
      Buffer.from(`\n${purchase(1)}\n`),
    ])
    const told = { status: 'complete_with_errors', rows: 3, rejected: 1, reasons: { 'row.too_long': 1 } }
    expect(await load('a.csv', body)).toMatchObject({ ...told, accepted: 2 })
    expect(await load('a.csv.gz', gzipSync(body, { level: 0 }))).toMatchObject({ ...told, unchanged: 2 })
    expect(await eventsOf(org)).toEqual(persons(2))
  })
})

describe('word of a file', () => {
  it('that comes twice, late or in another order loads it once', async () => {
    const { org, loading, key } = start()
    loading.files.drop(key('a.csv'), csv(purchases(30)))
    for (let n = 0; n < 5; n++) loading.announce(key('a.csv'))
    await loading.settle((waiting) => waiting - 1)
    loading.announce(key('a.csv'))
    await loading.settle()
    expect(loading.report(key('a.csv'))).toMatchObject({ status: 'complete', rows: 30, accepted: 30, duplicate: 0 })
    expect(await eventsOf(org)).toEqual(persons(30))
  })

  it('that never comes is made up for by the reconciler, as are messages that a queue lost', async () => {
    const { org, loading, key } = start()
    loading.files.drop(key('a.csv'), csv(purchases(60)))
    loading.clockMs = 60_000
    expect(await loading.reconcile()).toMatchObject({ announced: 1 })
    loading.notices.length = 0
    for (let lost = 0; lost < 60 && loading.files.keys('reports/').length === 0; lost++) {
      loading.clockMs += 130_000
      await loading.reconcile()
      // The first message of what was sent arrives, the rest is lost.
      loading.ranges.splice(1)
      const [range] = loading.ranges
      if (range !== undefined) {
        await loading.settle((waiting) => waiting - 1).catch(() => undefined)
      } else await loading.settle()
    }
    expect(loading.report(key('a.csv'))).toMatchObject({ status: 'complete', rows: 60, accepted: 60 })
    expect(await eventsOf(org)).toEqual(persons(60))
    loading.clockMs += 1_000_000
    expect(await loading.reconcile()).toEqual({ announced: 0, resent: 0, stuck: 0, failed: 0, oldestMs: 0 })
  })

  it('of a file that nobody can load for a day ends with a report, and is taken up again when asked', async () => {
    const { loading, key } = start()
    loading.files.drop(key('a.csv'), csv(purchases(30)))
    loading.announce(key('a.csv'))
    loading.interrupt = (call) => {
      if (call === 'events.keep') throw new Error('the table is down')
    }
    await expect(loading.settle()).rejects.toThrow('the table is down')
    loading.ranges.length = 0
    loading.clockMs = 86_500_000
    expect(await loading.reconcile()).toMatchObject({ stuck: 1 })
    await loading.settle()
    expect(loading.report(key('a.csv'))).toMatchObject({
      status: 'failed',
      problems: [{ code: 'file.stuck' }],
      rows: 0,
    })
  })
})

describe('an import that stands still', () => {
  /** Loads nothing of a file, and loses every message. */
  async function halt(body: string, loading: Loading, key: string) {
    const first = loading.files.drop(key, body)
    loading.announce(key)
    loading.interrupt = (call) => {
      if (call === 'events.keep') throw new Error('the table is down')
    }
    await expect(loading.settle()).rejects.toThrow('the table is down')
    loading.interrupt = () => undefined
    loading.ranges.length = 0
    return nameImport(first)
  }

  it('is not given up for its age once it is taken up again', async () => {
    const { org, loading, key } = start()
    const id = await halt(csv(purchases(30)), loading, key('a.csv'))
    loading.clockMs = 10 * 86_400_000
    expect(await loading.reconcile()).toMatchObject({ stuck: 1 })
    await loading.settle()
    expect(loading.report(key('a.csv')).problems).toMatchObject([{ code: 'file.stuck' }])
    await retryImport(serving(loading), byKey(org), id)
    loading.notices.length = 0
    loading.clockMs += 130_000
    expect(await loading.reconcile()).toMatchObject({ stuck: 0, resent: 1 })
    await loading.settle()
    expect(loading.report(key('a.csv'))).toMatchObject({ status: 'complete', rows: 30, accepted: 30 })
  })

  it('is not taken up again while it gets further, nor twice in half an hour', async () => {
    const { org, loading, key } = start()
    const id = await halt(csv(purchases(60)), loading, key('a.csv'))
    await retryImport(serving(loading), byKey(org), id)
    loading.clockMs += 1_700_000
    await expect(retryImport(serving(loading), byKey(org), id)).rejects.toMatchObject({ code: 'import.running' })
    loading.clockMs += 200_000
    expect(await retryImport(serving(loading), byKey(org), id)).toMatchObject({
      status: 'loading',
      ranges_done: 0,
      progressed: null,
    })
    loading.clockMs += 1_900_000
    // One range is loaded.
    await loading.settle((waiting) => (loading.ranges.length > 0 ? waiting - 1 : 0), 2)
    const refused = retryImport(serving(loading), byKey(org), id)
    await expect(refused).rejects.toMatchObject({
      code: 'import.running',
      details: [{ message: /it got further 0 s ago/ }],
    })
  })

  it('ends with a report that says so when planners die of the file', async () => {
    const { org, loading, key } = start()
    const version = loading.files.drop(key('a.csv'), csv(purchases(3)))
    loading.announce(key('a.csv'))
    loading.interrupt = (call) => {
      if (call === 'ledger.addPending') throw new Error('out of memory')
    }
    const told: unknown[] = []
    for (let hours = 0; hours < 8 && loading.files.keys('reports/').length === 0; hours++) {
      await loading.settle().catch(() => undefined)
      loading.notices.length = 0
      loading.clockMs += 3_600_000
      const { announced, stuck } = await loading.reconcile()
      told.push(announced > 0 ? 'planned' : stuck > 0 ? 'given up' : 'nothing')
    }
    expect(told.slice(0, 6)).toEqual(['planned', 'planned', 'planned', 'planned', 'planned', 'given up'])
    loading.interrupt = () => undefined
    await loading.settle()
    const report = loading.report(key('a.csv'))
    expect(report).toMatchObject({ status: 'failed', problems: [{ code: 'file.halted' }], rows: 0 })
    expect(report.problems[0]?.message).toMatch(/Seen: 6 attempts\./)
    expect((await loading.ledger.find(org, nameImport(version)))?.status).toBe('failed')
    loading.clockMs += 3_600_000
    expect(await loading.reconcile()).toMatchObject({ announced: 0, stuck: 0, oldestMs: 0 })
  })
})

describe('what was kept on the way and is gone', () => {
  it('of the unpacked parts ends the import with that reason; taken up again, the file is unpacked anew', async () => {
    const { org, loading, key } = start()
    const version = loading.files.drop(key('a.csv.gz'), gzipSync(csv(purchases(40))))
    loading.announce(key('a.csv.gz'))
    let loaded = 0
    loading.interrupt = (call) => {
      if (call !== 'ledger.finishRange' || ++loaded !== 2) return
      for (const part of loading.files.keys('work/').filter((each) => each.includes('/part/')))
        void loading.files.remove(part)
    }
    await loading.settle((waiting) => waiting - 1)
    expect(loading.report(key('a.csv.gz'))).toMatchObject({ status: 'failed', problems: [{ code: 'file.parts' }] })
    loading.interrupt = () => undefined
    await retryImport(serving(loading), byKey(org), nameImport(version))
    await loading.settle()
    expect(loading.report(key('a.csv.gz'))).toMatchObject({ status: 'complete', rows: 40, accepted: 40 })
  })

  it('of the looks ends the import with that reason, not with a wrong count or an endless loop', async () => {
    const { loading, key } = start()
    loading.files.drop(key('a.csv'), csv(purchases(60)))
    loading.announce(key('a.csv'))
    loading.interrupt = (call) => {
      const [look] = loading.files.keys('work/').filter((each) => each.includes('/look/'))
      if (call === 'ledger.readDone' && look !== undefined) void loading.files.remove(look)
    }
    await loading.settle()
    const report = loading.report(key('a.csv'))
    expect(report).toMatchObject({ status: 'failed', problems: [{ code: 'file.uncounted' }], rejected_file: null })
  })
})

describe('a range whose message is given up', () => {
  it('leaves the others alone; put back, it completes the file; put back later still, it changes nothing', async () => {
    const { org, loading, key } = start()
    const version = loading.files.drop(key('a.csv'), csv(purchases(60)))
    loading.announce(key('a.csv'))
    await loading.settle(undefined, 1)
    const [dead, ...others] = loading.ranges.splice(0)
    if (dead === undefined) throw new Error('no range was sent')
    loading.ranges.push(...others)
    await loading.settle()
    expect((await loading.ledger.find(org, nameImport(version)))?.status).toBe('loading')
    expect((await loading.ledger.readDone(org, nameImport(version))).length).toBeGreaterThan(others.length)
    loading.ranges.push(dead)
    await loading.settle()
    const report = loading.files.text(reportKey(key('a.csv')))
    expect(loading.report(key('a.csv'))).toMatchObject({ status: 'complete', rows: 60, accepted: 60 })
    loading.ranges.push(dead)
    await loading.settle()
    expect(loading.files.text(reportKey(key('a.csv')))).toBe(report)
    expect(await eventsOf(org)).toEqual(persons(60))
  })
})

describe('a file that is removed', () => {
  it('while it is loaded ends with a report that says so and counts what was loaded', async () => {
    const { org, loading, key } = start()
    const version = loading.files.drop(key('a.csv'), csv(purchases(60)))
    loading.announce(key('a.csv'))
    let calls = 0
    loading.interrupt = (call) => {
      if (call === 'ledger.finishRange' && ++calls === 3) void loading.files.remove(key('a.csv'))
    }
    await loading.settle()
    const report = loading.report(key('a.csv'))
    expect(report).toMatchObject({ status: 'failed', problems: [{ code: 'file.removed' }] })
    expect(report.rows).toBeGreaterThan(0)
    expect(report.accepted).toBe(report.rows)
    expect(await eventsOf(org)).toHaveLength(report.rows)
    expect((await loading.ledger.find(org, nameImport(version)))?.status).toBe('failed')
  })

  it('before it could be planned has a report too', async () => {
    const { org, loading, key } = start()
    const version = loading.files.drop(key('a.csv'), csv(purchases(5)))
    loading.announce(key('a.csv'))
    loading.interrupt = (call) => {
      if (call === 'files.read') void loading.files.remove(key('a.csv'))
    }
    await loading.settle()
    expect(loading.report(key('a.csv'))).toMatchObject({
      status: 'failed',
      problems: [{ code: 'file.removed' }],
      rows: 0,
    })
    expect((await loading.ledger.find(org, nameImport(version)))?.status).toBe('failed')
  })
})

describe('the reconciler', () => {
  it('goes on with the others when one fails, and tells whose it was', async () => {
    const [broken, whole] = ['broken', 'whole'].map((name) => orgSlugSchema.parse(`${name}-${orgs++}`))
    if (broken === undefined || whole === undefined) throw new Error('two orgs')
    const loading = makeLoading(database, [broken, whole])
    for (const org of [broken, whole]) loading.files.drop(`incoming/${org}/events/${day}/a.csv`, csv(purchases(3)))
    loading.clockMs = 60_000
    const find: typeof loading.ledger.find = async (org, id) => {
      if (org === broken) throw new Error('its item cannot be read')
      return loading.ledger.find(org, id)
    }
    const told = await reconcileFiles({ ...loading.deps, ledger: { ...loading.ledger, find } })
    expect(told).toMatchObject({ announced: 1, failed: 1 })
    expect(loading.failures).toEqual([broken])
  })

  it('looks through as much of the bucket as its time allows, and through the rest the next time', async () => {
    const { org, loading, key } = start()
    for (let n = 0; n < 450; n++) loading.files.drop(key(`${String(n).padStart(3, '0')}.csv`), 'x', at)
    loading.clockMs = 600_000
    // Every look at the clock finds three minutes gone.
    const now = () => {
      loading.clockMs += 180_000
      return loading.deps.now()
    }
    const slow = { ...loading.deps, now }
    expect(await reconcileFiles(slow)).toMatchObject({ announced: 400 })
    expect(await reconcileFiles(slow)).toMatchObject({ announced: 50 })
    const keys = loading.notices.map((notice) => (notice.kind === 'plan' ? notice.key : org))
    expect(new Set(keys).size).toBe(450)
    expect(await loading.deps.open.findCursor()).toBeUndefined()
  })
})

describe('a file that is overwritten while it is loaded', () => {
  it('fails cleanly, and the new version is loaded', async () => {
    const { org, loading, key } = start()
    const first = loading.files.drop(key('a.csv'), csv(purchases(60)), at)
    loading.announce(key('a.csv'))
    let calls = 0
    loading.interrupt = (call) => {
      if (call === 'ledger.finishRange' && ++calls === 3) {
        loading.files.drop(key('a.csv'), csv([...purchases(50), purchase(0, '7')]), at + 1)
        loading.announce(key('a.csv'))
      }
    }
    await loading.settle((waiting) => waiting - 1)
    expect((await loading.ledger.find(org, nameImport(first)))?.status).toBe('superseded')
    expect(loading.report(key('a.csv'))).toMatchObject({ status: 'complete', rows: 51, duplicate: 1 })
    expect((await eventsOf(org)).filter((each) => each === 'p0 7' || each === 'p0 1.5')).toHaveLength(1)
  })
})

describe('two files with the same ids', () => {
  it.each([
    ['the older first', [0, 1]],
    ['the newer first', [1, 0]],
  ])('leave what the newer says when %s is loaded', async (_how, order) => {
    const { org, loading, key } = start()
    const contents = [csv(purchases(20)), csv(Array.from({ length: 20 }, (_, n) => purchase(n, '7')))]
    for (const at of order) loading.files.drop(key(`${at}.csv`), contents[at] ?? '', 1_795_000_000 + at)
    for (const at of order) {
      loading.announce(key(`${at}.csv`))
      await loading.settle()
    }
    expect(await eventsOf(org)).toEqual(Array.from({ length: 20 }, (_, n) => `p${n} 7`).toSorted())
    const told = order[0] === 0 ? { changed: 20 } : { accepted: 20 }
    expect(loading.report(key('1.csv'))).toMatchObject({ rows: 20, ...told })
    const outdone = order[0] === 0 ? { accepted: 20 } : { unchanged: 20, changed: 0 }
    expect(loading.report(key('0.csv'))).toMatchObject({ rows: 20, ...outdone })
  })

  it.each([[0], [1]])(
    'and an id twice in one file has what its last row says, whichever range ends last: %d',
    async (turn) => {
      const { org, loading, key } = start()
      loading.files.drop(key('a.csv'), csv([purchase(0, '3'), ...purchases(20, 1), purchase(0, '4')]))
      loading.announce(key('a.csv'))
      await loading.settle((waiting) => (turn === 0 ? 0 : waiting - 1))
      expect((await eventsOf(org)).filter((each) => each.startsWith('p0 '))).toEqual(['p0 4'])
    },
  )
})

describe('workers that are killed at random', () => {
  it('leave the same events and the same report', { timeout: 120_000 }, async () => {
    const rowAt = (n: number) =>
      fc.oneof(
        { weight: 6, arbitrary: fc.constant(purchase(n)) },
        { weight: 1, arbitrary: fc.constant(purchase(n % 5, '3')) },
        { weight: 1, arbitrary: fc.constant(`,signup,q${n % 3},${at},`) },
        { weight: 1, arbitrary: fc.constant('bad') },
      )
    const script = fc.record({
      before: fc.array(fc.nat(40), { maxLength: 10 }),
      rows: fc.tuple(...Array.from({ length: 45 }, (_, n) => rowAt(n))),
      kills: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }),
      picks: fc.infiniteStream(fc.nat(1_000)),
      twice: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(script, async ({ before, rows, kills, picks, twice }) => {
        const { org, loading, key, load } = start()
        await load('before.csv', csv(before.map((n) => purchase(n))))
        loading.files.drop(key('a.csv'), csv(rows))
        loading.announce(key('a.csv'))
        if (twice) loading.announce(key('a.csv'))
        const left = [...kills]
        let until = left.shift() ?? Number.POSITIVE_INFINITY
        loading.interrupt = () => {
          if (--until > 0) return
          until = left.shift() ?? Number.POSITIVE_INFINITY
          throw new Killed()
        }
        await loading.settle((waiting) => (picks.next().value ?? 0) % waiting)
        expectExact(loading, key('a.csv'), before, rows)
        expect(await eventsOf(org)).toEqual(latestOf([...before.map((n) => purchase(n)), ...rows]))
      }),
      { numRuns: Number(process.env.KILL_RUNS ?? 8) },
    )
  })
})

/** Of each id what its last row says, as `eventsOf` tells it. */
function latestOf(rows: readonly string[]): string[] {
  const good = rows.filter((row) => row !== 'bad').map((row) => row.split(','))
  const byId = new Map(
    good.map(([id = '', name, person, , value]) => [id === '' ? `${name} ${person}` : id, [person, value]]),
  )
  return [...byId.values()].map(([person, value]) => `${person} ${value || undefined}`).toSorted()
}

/** Counted from the rows alone. */
function expectExact(loading: Loading, key: string, before: readonly number[], rows: readonly string[]): void {
  const stood = new Map(before.map((n) => [`e${n}`, purchase(n)]))
  const good = rows.filter((row) => row !== 'bad')
  const byId = Map.groupBy(good, (row) => (row.startsWith('e') ? (row.split(',')[0] ?? '') : row))
  const fresh = [...byId].filter(([id]) => !stood.has(id)).length
  const same = [...byId].filter(([id, all]) => stood.has(id) && all.every((row) => row === stood.get(id))).length
  expect(loading.report(key)).toMatchObject({
    rows: rows.length,
    rejected: rows.length - good.length,
    duplicate: good.length - byId.size,
    accepted: fresh,
    unchanged: same,
    changed: byId.size - fresh - same,
  })
}
