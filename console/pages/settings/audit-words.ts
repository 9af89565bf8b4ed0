// Who changed what, in words: entries of the log name routes, ids and subjects.
import { formatCount, formatInstant } from '../../words/format.ts'

interface Named {
  readonly what: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['settings', 'Settings of the organisation'],
  ['template', 'Template'],
  ['key', 'API key'],
  ['alerts', 'Alerts: when silence is news'],
  ['destination', 'Address of alerts'],
  ['reporting-webhook', 'Reporting webhook at Customer.io'],
  ['quarantine', 'What was set aside, read again:'],
  ['backfill', 'Gap filled of campaign'],
  ['erasure', 'A person was forgotten'],
  ['file', 'File'],
  ['limit', 'Limit of'],
])

/** `template:welcome` is `Template “Welcome e-mail”`; of a kind that this page does not know, as the log has it. */
export function thingOf({ what, before, after }: Named): string {
  const [kind = '', ...rest] = what.split(':')
  const words = kinds.get(kind)
  if (words === undefined) return what
  const id = kind === 'erasure' ? '' : rest.join(':')
  const state = after ?? before ?? {}
  const name = ['name', 'url'].map((member) => new Map(Object.entries(state)).get(member)).find(isText)
  if (kind === 'settings' || id === '') return words
  return name === undefined ? `${words} ${id}` : `${words} “${name}”`
}

export function deedOf({ before, after }: Named): string {
  if (before === null) return after === null ? '' : 'made'
  return after === null ? 'removed' : 'changed'
}

export interface Known {
  /** Subject of who looks at the log. */
  readonly subject: string
  /** Names of API keys by id. */
  readonly keys: ReadonlyMap<string, string>
}

/** `key:k1` is `the API key “Everything”`, `user:<own subject>` is `you`. */
export function whoOf(who: string, { subject, keys }: Known): string {
  const [kind = '', ...rest] = who.split(':')
  const id = rest.join(':')
  if (kind === 'user') return id === subject ? 'you' : `a colleague (${id})`
  if (kind === 'key') return `the API key ${keys.has(id) ? `“${keys.get(id)}”` : id}`
  return kind === 'command' ? `an operator, by the command ${id}` : who
}

/** Characters of a value that are shown. */
const longest = 600

/** A value of the log as people read it: JSON of lists, switches and instants as words, and not all of a long text. */
export function sayValue(text: string): string {
  if (text === 'null' || text === '[]' || text === '') return 'nothing'
  if (text === 'true' || text === 'false') return text === 'true' ? 'yes' : 'no'
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return formatInstant(text, 'second')
  const words = listed(text) ?? text
  return words.length > longest ? `${words.slice(0, longest)}… (${formatCount(words.length)} characters)` : words
}

/** The texts of a JSON list of texts. */
function listed(text: string): string | undefined {
  if (!text.startsWith('["')) return undefined
  try {
    const read: unknown = JSON.parse(text)
    return Array.isArray(read) && read.every(isText) ? read.join(', ') : undefined
  } catch {
    return undefined
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
