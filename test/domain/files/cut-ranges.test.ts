// A file cut into ranges is read as the whole is: every row once, with its line, wherever the cuts fall.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReadEvent } from '../../../lambdas/domain/events/read-custom-event.ts'
import { splitCsvRow } from '../../../lambdas/domain/files/csv-row.ts'
import { RangeCutter } from '../../../lambdas/domain/files/cut-ranges.ts'
import { readColumns } from '../../../lambdas/domain/files/read-columns.ts'
import { makeRowReader, type TextFile } from '../../../lambdas/domain/files/read-text-rows.ts'
import type { RejectedRow } from '../../../lambdas/domain/files/row-fault.ts'
import { rowContext } from '../../support/custom-events.ts'

type Format = 'csv' | 'jsonl'

function cut(bytes: string, format: Format, rangeBytes: number, pieceBytes: number) {
  const cutter = new RangeCutter(format, rangeBytes)
  for (let at = 0; at < bytes.length; at += pieceBytes) cutter.push(bytes.slice(at, at + pieceBytes), false)
  cutter.push('', true)
  return cutter
}

function columnsOf(header: string | undefined): readonly string[] {
  const reading = readColumns(header === undefined ? [] : splitCsvRow(header, 0, header.length))
  return reading.ok ? reading.columns : []
}

/** Reads the ranges of a file one by one. */
function readRanges(bytes: string, format: Format, rangeBytes: number, pieceBytes: number) {
  const { ranges, header } = cut(bytes, format, rangeBytes, pieceBytes)
  const file: TextFile = { format, columns: columnsOf(header), context: rowContext }
  const events: ReadEvent[] = []
  const rejected: RejectedRow[] = []
  for (const { start, end, line } of ranges) {
    const push = makeRowReader(file, line, { event: (e) => events.push(e), reject: (row) => rejected.push(row) })
    push(bytes.slice(start, end), true)
  }
  return { events: events.map(({ event }) => event), rejected, ranges, header }
}

const asBytes = (text: string) => Buffer.from(text).toString('latin1')
const bom = '\ufeff'
const csv = [
  `${bom}name,user_id,value,note`,
  'buy,ann,12.50,"two\r\nlines, and ""quotes"""',
  '',
  'buy,bob,1.00,é☕',
  'buy,carl,never,"x"',
  'buy,dora,3.00,"open',
  'buy,emil,4.00,"closed"junk',
  'buy,fred,5.00',
  '"buy","gus","6.00",""',
  'buy,"hana\n",7.00,',
]
const jsonl = [
  `${bom}{"name":"buy","user_id":"ann","value":"12.50","note":"two\\nlines"}`,
  '',
  '{"name":"buy","user_id":"bob","value":1,"note":"é☕"}',
  'no json',
  '[1,2]',
  '  ',
  '{"name":"buy","user_id":"dora","value":"x"}',
  '{"name":"buy","user_id":"emil","org":"other"}',
]

describe.each([
  ['csv', csv],
  ['jsonl', jsonl],
] as const)('a file of %s', (format, lines) => {
  describe.each([
    ['LF', '\n', '\n'],
    ['CRLF', '\r\n', '\r\n'],
    ['no line end at its end', '\n', ''],
  ])('with %s', (_name, end, last) => {
    const bytes = asBytes(lines.join(end) + last)
    const whole = readRanges(bytes, format, bytes.length * 2, bytes.length)

    it('is read, bad rows with their lines and reasons', () => {
      expect(whole.ranges).toHaveLength(1)
      expect(whole.events.map(({ userId }) => userId)).toEqual(
        format === 'csv' ? ['ann', 'bob', 'gus', 'hana'] : ['ann', 'bob'],
      )
      const codes = whole.rejected.map(({ line, reasons }) => `${line} ${reasons.map(({ code }) => code).join(' ')}`)
      expect(codes).toEqual(
        format === 'csv'
          ? ['6 value.invalid', '7 row.quotes', '8 row.quotes', '9 row.columns']
          : ['4 row.not_json', '5 row.not_object', '7 value.invalid', '8 row.other_org'],
      )
    })

    it('is read so whatever ranges it is cut into, and whatever pieces the planner sees', () => {
      for (let rangeBytes = 1; rangeBytes <= bytes.length; rangeBytes++) {
        const { events, rejected, ranges } = readRanges(bytes, format, rangeBytes, (rangeBytes * 7) % 11 || 1)
        expect({ events, rejected }).toEqual({ events: whole.events, rejected: whole.rejected })
        expect(ranges.map(({ number }) => number)).toEqual(ranges.keys().toArray())
      }
    })

    it('has the same ranges in whatever pieces it comes', () => {
      for (const rangeBytes of [1, 20, 64, 200]) {
        const once = cut(bytes, format, rangeBytes, bytes.length)
        for (let pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes++) {
          const { ranges, header } = cut(bytes, format, rangeBytes, pieceBytes)
          expect({ ranges, header }).toEqual({ ranges: once.ranges, header: once.header })
        }
      }
    })
  })
})

// No two of these make a well-formed quoted field together, which would rightly take the rows between them for its text.
const poison = ['x,"y', '"a"b,c', ',,,,,,', '\\', '{', '\u0000', '"\r"', '"a""']

it('loses no row to a poison row, at whatever place and range boundary it stands', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...poison, 'buy,ann,1.00,ok'), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 60 }),
      (rows, rangeBytes) => {
        // Told apart by number, so that every good row is seen by itself.
        const lines = rows.map((row, at) => (row.startsWith('buy') ? `buy,p${at},1.00,ok` : row))
        const bytes = asBytes(`name,user_id,value,note\n${lines.join('\n')}\nbuy,last,1.00,ok\n`)
        const { events, rejected } = readRanges(bytes, 'csv', rangeBytes, 5)
        const wanted = lines.flatMap((row) => (row.startsWith('buy') ? [row.split(',')[1]] : []))
        expect(events.map(({ userId }) => userId)).toEqual([...wanted, 'last'])
        expect(events.length + rejected.length).toBe(lines.length + 1)
      },
    ),
    { numRuns: 300 },
  )
})

it.each(['', '\ufeff', '\n\n', 'name,user_id\n'])('has no range when it is %j', (file) => {
  expect(cut(asBytes(file), 'csv', 10, 1).ranges).toEqual([])
})
