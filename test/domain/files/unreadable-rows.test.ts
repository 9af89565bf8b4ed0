// A row that the reader itself gives up at is rejected alone: whatever it is, the others of its range count.
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { readParquetRows } from '../../../lambdas/domain/files/read-parquet.ts'
import { makeRowReader } from '../../../lambdas/domain/files/read-text-rows.ts'
import type { RejectedRow } from '../../../lambdas/domain/files/row-fault.ts'
import { rowContext } from '../../support/custom-events.ts'

/** Stands for a fault of ours: the second row that asks for the time of its receipt finds none. */
function faultyContext() {
  let asked = 0
  return {
    ...rowContext,
    get receivedAtMs(): number {
      if (++asked === 2) throw new RangeError('Maximum call stack size exceeded')
      return rowContext.receivedAtMs
    },
  }
}

function makeSink() {
  const people: (string | undefined)[] = []
  const rejected: RejectedRow[] = []
  const sink = {
    event: ({ event }: { readonly event: { readonly userId?: string | undefined } }) => people.push(event.userId),
    reject: (row: RejectedRow) => rejected.push(row),
  }
  return { people, rejected, sink }
}

const told = [{ code: 'row.unreadable', message: expect.stringMatching(/seen .*; allowed /) }]

test.each([
  ['csv', 'buy,p1,\nbuy,p2,\nbuy,p3,\n', 'buy,p2,'],
  ['jsonl', '{"name":"buy","user_id":"p1"}\n{"name":"buy","user_id":"p2"}\n{"name":"buy","user_id":"p3"}', '"p2"'],
] as const)('of %s', (format, text, words) => {
  const { people, rejected, sink } = makeSink()
  const context = faultyContext()
  makeRowReader({ format, columns: ['name', 'user_id', 'colour'], context }, 1, sink)(text, true)
  expect(people).toEqual(['p1', 'p3'])
  expect(rejected).toMatchObject([{ line: 2, reasons: told }])
  expect(rejected[0]?.words).toContain(words)
})

test('of Parquet', async () => {
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: 'name', data: ['buy', 'buy', 'buy'] },
      { name: 'user_id', data: ['p1', 'p2', 'p3'] },
    ],
  })
  const file = { byteLength: bytes.byteLength, slice: async (from: number, to?: number) => bytes.slice(from, to) }
  const { people, rejected, sink } = makeSink()
  await readParquetRows(file, { start: 0, end: 3 }, ['name', 'user_id'], faultyContext(), sink)
  expect(people).toEqual(['p1', 'p3'])
  expect(rejected).toMatchObject([{ line: 2, words: '{"name":"buy","user_id":"p2"}', reasons: told }])
})
