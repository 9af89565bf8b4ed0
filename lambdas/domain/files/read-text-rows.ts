// From the bytes of a text file to events that are ready to be written, and to rows that are none with every reason.
import { inspectJson } from '../events/inspect-json.ts'
import { type ReadEvent, type RowContext, type RowReading, readCustomEvent } from '../events/read-custom-event.ts'
import { isJsonObject, type JsonObject } from '../events/read-fields.ts'
import { splitCsvRow } from './csv-row.ts'
import { type FileColumns, renameMembers } from './read-columns.ts'
import { type FlatShape, type FlatValue, readFlatRow, shapeOf } from './read-flat-row.ts'
import { RowCursor, type TextFormat } from './row-cursor.ts'
import {
  cursorReasons,
  isAddedMember,
  lineMember,
  notJson,
  notReadable,
  notUtf8,
  type RejectedRow,
  type RowReason,
  wordsMember,
  wrongWidth,
} from './row-fault.ts'

export interface TextFile {
  readonly format: TextFormat
  /** Of a CSV file, by position; empty: left out. */
  readonly columns: readonly string[]
  /** The org's own names of members, for JSON. */
  readonly own?: FileColumns | undefined
  readonly context: RowContext
}

export interface RowSink {
  readonly event: (event: ReadEvent) => void
  readonly reject: (row: RejectedRow) => void
}

/** The event of a row, or every reason why it is none. `simple`: as `isSimple` says of it. */
type RowParser = (
  text: string,
  simple: boolean,
) => RowReading | { readonly ok: false; readonly reasons: readonly RowReason[] }

/**
 * Reads rows of pieces that begin where a row begins. `line`: that of the first row. Blank lines are no rows.
 * @returns takes the next piece as byte text; the last one is final
 */
export function makeRowReader(file: TextFile, line: number, sink: RowSink): (bytes: string, final: boolean) => void {
  const cursor = new RowCursor(file.format)
  const parse = file.format === 'csv' ? csvParser(file.columns, file.context) : jsonParser(file.own, file.context)
  const firstLine = line - 1
  return (bytes, final) => {
    cursor.push(bytes, final)
    const ascii = isAscii(cursor.text)
    const simple = ascii && isSimple(cursor.text, file.format)
    while (cursor.next()) {
      if (cursor.start === cursor.end && cursor.fault === undefined) continue
      const reasons = cursor.fault === undefined ? readRow(cursor, ascii, simple) : [cursorReasons[cursor.fault]]
      if (reasons !== undefined) sink.reject({ line: firstLine + cursor.line, words: cursor.words, reasons })
    }
  }

  function readRow(at: RowCursor, ascii: boolean, simple: boolean): readonly RowReason[] | undefined {
    const bytes = at.text.slice(at.start, at.end)
    const text = ascii || isAscii(bytes) ? bytes : decode(bytes)
    if (text === undefined) return [notUtf8]
    const reading = unlessGivenUp(() => parse(text, simple || (text === bytes && isSimple(text, file.format))))
    if (!reading.ok) return text.trim() === '' ? undefined : reading.reasons
    sink.event(reading)
    return undefined
  }
}

/** What reading a row comes to. A row that makes it throw must not take the others of its range with it. */
export function unlessGivenUp(read: () => ReturnType<RowParser>): ReturnType<RowParser> {
  try {
    return read()
  } catch {
    return { ok: false, reasons: [notReadable] }
  }
}

/** Whether byte text is ASCII: then UTF-8 needs no more bytes than it has. */
function isAscii(bytes: string): boolean {
  return Buffer.byteLength(bytes) === bytes.length
}

/** Anything but printable ASCII that is no quote and no backslash, and line ends. A carriage return may stand within a row. */
const notSimple = /[^ !#-[\]-~\n]/

/** Whether each value in this ASCII is printable, and is JSON as it stands between two quotes: mostly so, and read faster. */
function isSimple(text: string, format: TextFormat): boolean {
  // JSON has other control characters only behind a backslash.
  return format === 'csv' ? !notSimple.test(text) : !text.includes('\\') && !text.includes('\x7f')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text that bytes are in UTF-8; undefined when they are none. */
export function decode(bytes: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return undefined
  }
}

/** An empty field is a member that is not there, so that an added empty column makes no other event. */
function csvParser(columns: readonly string[], context: RowContext): RowParser {
  const shape = shapeOf(columns)
  return (text, simple) => {
    const fields = splitCsvRow(text, 0, text.length)
    if (fields.length !== columns.length) return { ok: false, reasons: [wrongWidth(fields.length, columns.length)] }
    const flat = shape && readFlatRow(shape, fields, context, simple)
    if (flat !== undefined) return { ok: true, ...flat }
    const row: Record<string, string> = {}
    for (const [at, name] of columns.entries()) {
      const value = fields[at]
      if (value !== undefined && value !== '' && name !== '') row[name] = value
    }
    return readCustomEvent(row, context)
  }
}

function jsonParser(own: FileColumns | undefined, context: RowContext): RowParser {
  const flatRow = makeFlatReader(context)
  return (text, simple) => {
    const row = parseJson(text)
    if (row === undefined) return { ok: false, reasons: [notJson] }
    if (!isJsonObject(row)) return readCustomEvent(row, context)
    const flat = own === undefined ? flatRow(row, simple) : undefined
    if (flat !== undefined) return { ok: true, ...flat }
    const unsafe = inspectJson(row)
    if (unsafe.length > 0) return { ok: false, reasons: unsafe }
    return readCustomEvent(renameMembers(withoutAdded(row), own), context)
  }
}

/** Rows of a file mostly have the same members in the same order, so the shape of the last one is tried first. */
function makeFlatReader(context: RowContext): (row: JsonObject, simple: boolean) => ReadEvent | undefined {
  let shape: FlatShape | undefined
  return (row, simple) => {
    const values: FlatValue[] = []
    let fits = shape !== undefined
    for (const name in row) {
      const value = row[name]
      if (typeof value !== 'string' && typeof value !== 'number' && value !== null) return undefined
      if (fits && shape?.names[values.length] !== name) fits = false
      values.push(value)
    }
    if (!fits || shape?.names.length !== values.length) {
      const names = Object.keys(row)
      shape = names.some(isAddedMember) ? undefined : shapeOf(names)
    }
    return shape && readFlatRow(shape, values, context, simple)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function withoutAdded(row: JsonObject): JsonObject {
  if (!(lineMember in row || wordsMember in row)) return row
  return Object.fromEntries(Object.entries(row).filter(([name]) => !isAddedMember(name)))
}
