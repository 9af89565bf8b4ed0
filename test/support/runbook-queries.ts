// The queries of docs/runbook.md, as far as a test can hold them: which lines they look for, and which fields those must have.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface RunbookQuery {
  readonly text: string
  /** The line's message; absent: it looks for metrics, or for Lambda's own lines. */
  readonly message?: string
  /** Without those that begin with `@`, which Logs Insights finds by itself. */
  readonly fields: readonly string[]
}

const words = ['filter', 'stats', 'count', 'sum', 'max', 'by', 'bin', 'sort', 'desc', 'limit', 'ispresent', 'like']
/** Of a log group of Lambda, as the Logs Insights guide lists them. */
const found = ['@message', '@type', '@duration', '@requestId']

/** @throws when one names a field with `@` that Logs Insights does not find in the logs of Lambda */
export function readRunbookQueries(): RunbookQuery[] {
  const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8').replaceAll(/\s*\n/g, ' ')
  const texts = [...runbook.matchAll(/`(filter [^`]+)`/g)].map(([, text = '']) => text)
  return texts.map((text) => {
    const message = /message = "([^"]+)"/.exec(text)?.[1]
    const names = text.replaceAll(/"[^"]*"|\/[^/]*\//g, '').match(/(?<![\w@])[@A-Za-z]\w*/g) ?? []
    const fields = [...new Set(names)].filter((name) => !words.includes(name))
    const unknown = fields.filter((name) => name.startsWith('@') && !found.includes(name))
    if (unknown.length > 0) throw new Error(`Logs Insights finds no ${unknown.join(', ')}: ${text}`)
    return { text, ...(message && { message }), fields: fields.filter((name) => !name.startsWith('@')) }
  })
}

/** Queries that find no line among these that has all the fields that they name. */
export function queriesWithout(entries: readonly object[], queries: readonly RunbookQuery[]): string[] {
  const missing = queries.filter(({ message, fields }) => {
    const found = entries.filter((entry) => message === undefined || Reflect.get(entry, 'message') === message)
    return fields.length > 0 && !found.some((entry) => fields.every((field) => field in entry))
  })
  return missing.map(({ text }) => text)
}
