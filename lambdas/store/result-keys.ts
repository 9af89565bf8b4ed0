// The keys of `results`: sums by template, day and arm.
import type { OrgSlug } from '../../contract/ids.ts'
import { type Cell, type CellGroup, cellGroupSchema, type ResultScope } from '../../contract/result-cell.ts'
import type { Key } from './key.ts'

/** `scope` is a template, or `~<source>` for a source that no template claims yet. */
export function resultsPartition(org: OrgSlug, scope: ResultScope): string {
  return `${org}#${scope}`
}

/** Days sort first, so a template's days are one range. */
export function resultsKey(org: OrgSlug, scope: ResultScope, cell: Cell, shard: number): Key {
  const { day, group, name, stratum, event } = cell
  const parts = [
    day,
    group,
    name,
    stratum,
    ...(event === undefined ? [] : [`${eventMark}${encodeURIComponent(event)}`]),
  ]
  return { pk: resultsPartition(org, scope), sk: [...parts, shard].join('#') }
}

/** Stands before the name of a custom event in the sort key of its cell. */
const eventMark = 'event:'

/** The day in the sort key of a results row, whatever else it holds. */
export function resultsDayOf(sk: string): string {
  return sk.slice(0, '2026-11-23'.length)
}

/** Takes the keys of a results row apart; undefined when they are none of ours. */
export function parseResultsKey({
  pk,
  sk,
}: Key): { org: string; scope: ResultScope; cell: Cell; shard: number } | undefined {
  const [org, scope, ...extra] = pk.split('#')
  const [day, group, name, stratum, ...rest] = sk.split('#')
  const [marked, shard] = rest.length > 1 ? rest : [undefined, rest[0]]
  if (org === undefined || scope === undefined || extra.length > 0 || !isGroup(group)) return undefined
  if (day === undefined || name === undefined || stratum === undefined || shard === undefined) return undefined
  if (marked !== undefined && (!marked.startsWith(eventMark) || rest.length > 2)) return undefined
  const event = marked === undefined ? {} : { event: decodeURIComponent(marked.slice(eventMark.length)) }
  return { org, scope, cell: { day, group, name, stratum, ...event }, shard: Number(shard) }
}

const groups: ReadonlySet<string> = new Set(cellGroupSchema.options)

/** Without the schema's parser, which takes longer than all the rest of a key, thousands of times. */
function isGroup(text: string | undefined): text is CellGroup {
  return text !== undefined && groups.has(text)
}
