// Tables as files for spreadsheets: read back as they were, and never a formula.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCsv, withoutFormulas } from '../../console/words/csv.ts'

/** RFC 4180 read by the letter, written apart from the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let [row, cell, isQuoted]: [string[], string, boolean] = [[], '', false]
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (isQuoted) {
      if (char === '"' && text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else if (char === '"') isQuoted = false
      else cell += char
    } else if (char === '"') isQuoted = true
    else if (char === ',') {
      row.push(cell)
      cell = ''
    } else if (char === '\r' && text[at + 1] === '\n') {
      rows.push([...row, cell])
      ;[row, cell] = [[], '']
      at += 1
    } else cell += char
  }
  return rows
}

const cell = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', "'", ',', ' ', 'a', '|', '%') }),
)

describe('a CSV file', () => {
  it('holds every text as it was, but for the apostrophe before what looks like a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const read = readCsv(toCsv(rows))
        expect(read.map((row) => row.map((text) => text.replace(/^'(?=\s*[=+\-@\t\r\n|%])/, '')))).toEqual(
          rows.map((row) => row.map((text) => text.replace(/^'(?=\s*[=+\-@\t\r\n|%])/, ''))),
        )
      }),
    )
  })

  it('has no cell that a spreadsheet would run', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (row) => {
        for (const text of readCsv(toCsv([row])).flat())
          expect(text).not.toMatch(/^(?!-\d+(\.\d+)?$)\s*[=+\-@\t\r\n|%]/)
      }),
    )
  })

  it.each([
    ["=cmd|' /C calc'!A0", `"'=cmd|' /C calc'!A0"\r\n`],
    ['a,"b"', '"a,""b"""\r\n'],
    ['plain', 'plain\r\n'],
    ['-12.50', '-12.50\r\n'],
    ['-1+2', "'-1+2\r\n".replace(/^(.*)(\r\n)$/, '"$1"$2')],
  ])('writes %s so', (text, written) => expect(toCsv([[text]])).toBe(written))

  it('leaves numbers as numbers, also negative ones, and null empty', () => {
    expect(toCsv([[-1.5, 0, null, 12]])).toBe('-1.5,0,,12\r\n')
  })
})

describe('a CSV file of other people', () => {
  const written = (rows: readonly (readonly string[])[]) =>
    rows.map((row) => `${row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\r\n`).join('')

  it('loses its formulas and nothing else, whatever is quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const read = readCsv(withoutFormulas(written(rows)))
        for (const [at, row] of rows.entries())
          for (const [column, text] of row.entries()) {
            const seen = read[at]?.[column] ?? ''
            expect(seen).not.toMatch(/^(?![+-]?\d+(\.\d+)?$)\s*[=+\-@\t\r\n|%]/)
            expect([text, `'${text}`]).toContain(seen)
          }
      }),
    )
  })

  it.each([
    ['id,name\n=1+1,plain\n', "id,name\n'=1+1,plain\n"],
    ['+4712345678,-12.50,+1+1\n', "+4712345678,-12.50,'+1+1\n"],
    ['"@sum",a\r\n"unclosed, =x\n', '"\'@sum",a\r\n"unclosed,\' =x\n'],
  ])('%j becomes %j', (text, plain) => expect(withoutFormulas(text)).toBe(plain))
})
