// What the columns of a file are: members of an event, by our names or by those that the org gave, and others. The others tell
// rows apart and are told in the report; no event holds them.
import type { FileProblemCode } from '../../../contract/import.ts'
import { maxFileColumns } from '../../../contract/limits.ts'
import { rowNames } from '../events/read-custom-event.ts'
import { isAddedMember } from './row-fault.ts'

/** The org's own name of a column for a member of ours. */
export type FileColumns = readonly { readonly member: string; readonly column: string }[]

export type ColumnsReading =
  | {
      readonly ok: true
      /** What each column is called in a row; empty: it is left out. */
      readonly columns: readonly string[]
      readonly unknown: readonly string[]
    }
  | { readonly ok: false; readonly code: FileProblemCode; readonly message: string }

/** Members that an event is read from. */
export const knownColumns: readonly string[] = [...Object.values(rowNames).flat(), 'data', 'identifiers']
const known = new Set(knownColumns)

/** Reads the names in a header. Case and white space around a known name do not matter. */
export function readColumns(header: readonly string[], own: FileColumns = []): ColumnsReading {
  const ours = new Map(own.map(({ member, column }) => [column.trim().toLowerCase(), member]))
  const columns = header.map((given) => {
    const lower = given.trim().toLowerCase()
    const name = ours.get(lower) ?? (known.has(lower) ? lower : given.trim())
    return isAddedMember(name) ? '' : name
  })
  const named = columns.filter((name) => name !== '')
  if (header.length > maxFileColumns) {
    const message = `header: seen ${header.length} columns; allowed ${maxFileColumns}`
    return { ok: false, code: 'file.no_columns', message }
  }
  if (!named.some((name) => known.has(name))) {
    const message = `header: seen ${header.length} columns, none of them known; allowed ${knownColumns.join(', ')}`
    return { ok: false, code: 'file.no_columns', message }
  }
  const twice = named.filter((name, at) => named.indexOf(name) !== at)
  if (twice.length > 0) {
    const message = `header: seen ${twice.length} names that stand there twice; allowed each once`
    return { ok: false, code: 'file.twice_column', message }
  }
  return { ok: true, columns, unknown: named.filter((name) => !known.has(name)) }
}

/** Gives the members of a JSON object our names. The same object when the org has none of its own. */
export function renameMembers(
  row: Readonly<Record<string, unknown>>,
  own: FileColumns | undefined,
): Readonly<Record<string, unknown>> {
  if (own === undefined) return row
  const ours = new Map(own.map(({ member, column }) => [column, member]))
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [ours.get(name) ?? name, value]))
}
