// Where rows begin and end, whatever pieces a file arrives in: compared with one pass over the whole, and with csv-parse.
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxRowBytes } from '../../../contract/limits.ts'
import { splitCsvRow } from '../../../lambdas/domain/files/csv-row.ts'
import { RowCursor, type TextFormat } from '../../../lambdas/domain/files/row-cursor.ts'

interface Row {
  readonly words: string
  readonly line: number
  readonly offset: number
  readonly fault: string | undefined
}

/** The rows of pieces of a file; blank ones too. */
function rowsOf(format: TextFormat, pieces: readonly string[]): Row[] {
  const cursor = new RowCursor(format)
  const rows: Row[] = []
  for (const [at, piece] of pieces.entries()) {
    cursor.push(piece, at === pieces.length - 1)
    while (cursor.next()) {
      const { words, line, offset, fault } = cursor
      rows.push({ words, line, offset, fault })
    }
  }
  return rows
}

function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

const files = [
  'a,b\n1,2\n3,4\n',
  'a,b\r\n1,2\r\n3,4',
  'a,"b\nc",d\n"x""y",2,3\n\n\n,,\n',
  '"a\r\nb"\r\n"c"\r\n',
  'é,"ü,\nö"\n€,☕\n',
  '5" pipe,2\n"ok",1\n',
  '1,"open\n2,ok\n3,"closed"\n',
  '"closed"junk\n1,2\n',
  '"ends the file"',
  '"never closed\n1,2\n3,4',
  '"cr"\rx\n1,2\n',
  '""\n"",""\n""""\n',
  '\n\r\n\n',
  '"',
  '',
]

describe.each(['csv', 'jsonl'] as const)('rows of %s', (format) => {
  it.each(files)('are the same wherever %j is cut in two or in bytes', (file) => {
    const bytes = asBytes(file)
    const whole = rowsOf(format, [bytes])
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(rowsOf(format, [bytes.slice(0, cut), bytes.slice(cut)])).toEqual(whole)
    }
    expect(rowsOf(format, [...bytes, ''])).toEqual(whole)
  })

  it.each(files)('of the rest begin where the last one of %j ended, at every row', (file) => {
    const bytes = asBytes(file)
    const whole = rowsOf(format, [bytes])
    for (const [at, { offset, line }] of whole.entries()) {
      const rest = rowsOf(format, [bytes.slice(offset)]).map((row) => ({ ...row, offset: row.offset + offset }))
      expect(rest.map(({ words, offset: end, fault }) => ({ words, end, fault }))).toEqual(
        whole.slice(at + 1).map(({ words, offset: end, fault }) => ({ words, end, fault })),
      )
      expect(line).toBe(bytes.slice(0, whole[at - 1]?.offset ?? 0).split('\n').length)
    }
  })
})

describe('a bad row', () => {
  it('that does not close its quotes ends with its first line, and the next lines are rows', () => {
    expect(
      rowsOf('csv', ['1,"open\n2,ok\n3,"also open\n4,"fine"\n5']).map(({ words, fault }) => [words, fault]),
    ).toEqual([
      ['1,"open', 'row.quotes'],
      ['2,ok', undefined],
      ['3,"also open', 'row.quotes'],
      ['4,"fine"', undefined],
      ['5', undefined],
    ])
  })

  it.each(['csv', 'jsonl'] as const)('of %s that is longer than 1 MB is told, and not held', (format) => {
    const long = 'x'.repeat(maxRowBytes + 1)
    for (const pieces of [
      ['a\n', long, '\nb\n'],
      [`a\n${long}\nb\n`],
      ['a\n', ...Array.from({ length: 40 }, () => 'x'.repeat(100_000)), '\nb'],
      [`a\n${'y'.repeat(maxRowBytes)}`, 'yy', '\nb\n'],
    ]) {
      const rows = rowsOf(format, pieces)
      expect(rows.map(({ fault, line }) => [fault, line])).toEqual([
        [undefined, 1],
        ['row.too_long', 2],
        [undefined, 3],
      ])
      expect(rows[1]?.words).toMatch(/^[xy]{1000}$/)
      expect(rows[2]?.words).toBe('b')
      expect(rows[1]?.offset).toBe(pieces.join('').lastIndexOf('\nb') + 1)
    }
    expect(rowsOf(format, ['y'.repeat(maxRowBytes)])).toMatchObject([{ fault: undefined }])
    expect(rowsOf(format, [long])).toMatchObject([{ fault: 'row.too_long' }])
  })

  it('whose quoted field goes on for more than 1 MB ends with its first line, however it is cut', () => {
    const file = `1,"open\n${'line\n'.repeat(maxRowBytes / 4)}2,"b"\n`
    const whole = rowsOf('csv', [file])
    expect(whole).toHaveLength(maxRowBytes / 4 + 2)
    expect(whole.filter(({ fault }) => fault !== undefined)).toMatchObject([{ words: '1,"open', fault: 'row.quotes' }])
    const half = rowsOf('csv', [file.slice(0, 500_000), file.slice(500_000, 1_100_000), file.slice(1_100_000)])
    expect(half).toEqual(whole)
  })
})

const field = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('"', '""', ',', '\n', '\r\n', 'é', '☕', ''))
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }))
const written = (value: string) => (/^[^",\r\n]*$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`)

describe('a CSV file that is well formed', () => {
  it('has the fields that csv-parse reads, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.infiniteStream(fc.nat(9)),
        (rows, end, last, cuts) => {
          const file = rows.map((row) => row.map(written).join(',')).join(end) + (last ? end : '')
          const bytes = asBytes(file)
          const pieces: string[] = []
          for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 1) {
            pieces.push(bytes.slice(at, at + 1 + (cuts.next().value ?? 0)))
          }
          const expected = parse(file, { relax_column_count: true, skip_empty_lines: true })
          const seen = rowsOf('csv', [...pieces, '']).filter(({ words }) => words !== '')
          expect(
            seen.map(({ words }) =>
              splitCsvRow(words, 0, words.length).map((value) => Buffer.from(value, 'latin1').toString()),
            ),
          ).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })
})
