// Which stored shape an item of a table is, told by its keys alone and written apart from the stores; and whether it is as its
// shape says, whole: no attribute that the shape does not know, and an end if its class has one.
import { isDeepStrictEqual } from 'node:util'
import { type Retention, retention } from '../../contract/retention.ts'
import { type StoredShapeName, storedShapes } from '../../contract/stored-shapes.ts'

export type TableName = 'events' | 'outcomes' | 'results' | 'settings'
export type Item = Readonly<Record<string, unknown>>

const org = '[a-z0-9][a-z0-9-]{0,62}'

/** Patterns of `<partition> <sort>`; the first that fits decides. */
const kinds: readonly (readonly [TableName, RegExp, StoredShapeName])[] = [
  ['events', /^[^#]+#[dp]#.* cio#/s, 'messageEvent'],
  ['events', /^[^#]+#[dn]#.* serve#/s, 'serveEvent'],
  ['events', /^[^#]+#[dpn]#.* custom#/s, 'customEvent'],
  ['events', /^[^#]+#e#.* claim$/s, 'eventClaim'],
  ['events', /^[^#]+#q#\d at#\d{13}#/, 'quarantinedTime'],
  ['events', /^[^#]+#q#\d [\w-]{43}#\d{3,}$/, 'quarantinedPart'],
  ['events', /^[^#]+#q#\d [\w-]{43}$/, 'quarantined'],
  ['events', /^[^#]+#r ./, 'sighting'],
  ['outcomes', /^[^#]+#~[\w-]{43} #revision$/, 'personRevision'],
  ['outcomes', /^[^#]+#.* \d{13}#(send|unsent|action|serve):/s, 'outcome'],
  ['results', /^[^#]+#\S* \d{4}-\d{2}-\d{2}#/, 'resultRow'],
  ['settings', /^~restate /, 'restatement'],
  ['settings', /^~imports open#/, 'openImport'],
  ['settings', /^~imports cursor$/, 'filesCursor'],
  ['settings', new RegExp(`^${org}#import#\\S+ pending#`), 'fileRange'],
  ['settings', new RegExp(`^${org}#import#\\S+ done#`), 'rangeResult'],
  ['settings', new RegExp(`^${org}#import#\\S+ progress$`), 'importProgress'],
  ['settings', new RegExp(`^${org}#import#\\S+ pass#`), 'passCount'],
  ['settings', new RegExp(`^${org}#deliveries `), 'alertDelivery'],
  ['settings', new RegExp(`^${org} org#$`), 'org'],
  ['settings', new RegExp(`^${org} key#`), 'apiKey'],
  ['settings', new RegExp(`^${org} made-keys#$`), 'madeKeys'],
  ['settings', new RegExp(`^${org} template#[^#]+#$`), 'template'],
  ['settings', new RegExp(`^${org} template#[^#]+#copy#`), 'variant'],
  ['settings', new RegExp(`^${org} template#[^#]+#allocation$`), 'allocation'],
  ['settings', new RegExp(`^${org} allocation#[^#]+#\\d{9}$`), 'allocation'],
  ['settings', new RegExp(`^${org} integration#`), 'integration'],
  ['settings', new RegExp(`^${org} audit#\\d{13}#`), 'auditEntry'],
  ['settings', new RegExp(`^${org} rate#`), 'rateDebt'],
  ['settings', new RegExp(`^${org} erasure#`), 'erasure'],
  ['settings', new RegExp(`^${org} erased#`), 'erasedDay'],
  ['settings', new RegExp(`^${org} verified#`), 'verification'],
  ['settings', new RegExp(`^${org} recounted#$`), 'recounted'],
  ['settings', new RegExp(`^${org} recount-begun#$`), 'recountBegun'],
  ['settings', new RegExp(`^${org} recount-run#$`), 'recountRun'],
  ['settings', new RegExp(`^${org} import#`), 'fileImport'],
  ['settings', new RegExp(`^${org} export#`), 'exportDay'],
  ['settings', new RegExp(`^${org} alerts#settings$`), 'alertSettings'],
  ['settings', new RegExp(`^${org} alerts#destination#`), 'alertDestination'],
  ['settings', new RegExp(`^${org} alerts#firing#`), 'alertFiring'],
]

/** What is stored, but in no table. */
export const storedElsewhere: readonly StoredShapeName[] = ['exportManifest', 'fileReport', 'orgSecret']

/** What is stored in the tables. */
export const knownShapes: ReadonlySet<StoredShapeName> = new Set([...kinds.map(([, , name]) => name), 'left'])

/** Undefined for an item of no known shape. */
export function shapeOf(table: TableName, { pk, sk, kind }: Item): StoredShapeName | undefined {
  const found = kinds.find(([of, pattern]) => of === table && pattern.test(`${pk} ${sk}`))?.[2]
  return found === 'customEvent' && kind === 'left' ? 'left' : found
}

/** Undefined when an item is as its shape says; else what is wrong with it, values left out. */
export function faultOf(table: TableName, item: Item): string | undefined {
  const name = shapeOf(table, item)
  if (name === undefined) return `no stored shape has the key ${item.pk} / ${item.sk}: contract/stored-shapes.ts`
  const { schema, keeps } = storedShapes[name]
  const { by }: Retention = retention[keeps]
  if ((by === 'table') !== (typeof item.ttl === 'number')) return `${name}: its class ${keeps} ends by ${by}`
  const value = shapedPart(name, item)
  const parsed = schema.safeParse(value)
  if (!parsed.success) return `${name} ${item.sk}: ${parsed.error.message}`
  if (!isDeepStrictEqual(parsed.data, value))
    return `${name}: an attribute that its shape does not know: ${Object.keys(item)}`
  return undefined
}

/** The item without keys and end; of an outcome without the revision and the index beside it. */
function shapedPart(name: StoredShapeName, { pk: _pk, sk: _sk, ttl: _ttl, ...value }: Item): unknown {
  if (name !== 'outcome') return value
  const { outcome, revision, source, ...others } = value
  const known = typeof revision === 'string' && (source === undefined || typeof source === 'string')
  return known && Object.keys(others).length === 0 ? outcome : value
}
