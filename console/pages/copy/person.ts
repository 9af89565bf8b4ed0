// A person that somebody makes up to preview copy for. Kept as JSON text, because a field may hold anything.
import * as z from 'zod/mini'

export interface Person {
  readonly fields: Readonly<Record<string, unknown>>
  readonly attrs: Readonly<Record<string, string | number | boolean | null>>
}
export interface PersonText {
  readonly fields: string
  readonly attrs: string
}

export const someone: PersonText = { fields: '{ "first_name": "Ann" }', attrs: '{}' }
export const fieldsSchema = z.record(z.string(), z.unknown())
export const attrsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

/** Undefined while one of the texts is no JSON object of its kind. */
export function readPerson(text: PersonText): Person | undefined {
  const [fields, attrs] = [fieldsSchema.safeParse(parse(text.fields)), attrsSchema.safeParse(parse(text.attrs))]
  return fields.success && attrs.success ? { fields: fields.data, attrs: attrs.data } : undefined
}

export function parse(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A member of the JSON as a text to type in; empty when it is not there. */
export function textIn(json: string, name: string): string {
  const read = fieldsSchema.safeParse(parse(json))
  const value = read.success ? new Map(Object.entries(read.data)).get(name) : undefined
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The JSON with a member that was typed; an empty one is left out, as of a person who has none. */
export function withValue(json: string, name: string, value: string): string {
  const read = fieldsSchema.safeParse(parse(json))
  const others = Object.entries(read.success ? read.data : {}).filter(([each]) => each !== name)
  return JSON.stringify(Object.fromEntries(value === '' ? others : [...others, [name, value]]), null, 1)
}
