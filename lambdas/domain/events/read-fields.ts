// Reads the members of one JSON object and collects every reason why one cannot be read, not only the first. Reasons say
// what kind of value was seen, never the value: it may name a person.
import type { QuarantineCode, QuarantineReason } from '../../../contract/reporting-event.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Nothing there: absent, null or, as Customer.io sends for what was deleted, empty. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** Whether a JSON value is an object, which arrays are not. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export class FieldReader {
  readonly #object: JsonObject
  readonly #path: string
  readonly #reasons: QuarantineReason[]

  /** `path` goes before each member's name in the reasons, which are added to `reasons`. */
  constructor(object: JsonObject, path: string, reasons: QuarantineReason[]) {
    this.#object = object
    this.#path = path
    this.#reasons = reasons
  }

  /** A member that `read` understands; undefined when it is blank or, with a reason, when it is not understood. */
  optional<T>(name: string, allowed: string, read: (value: unknown) => T | undefined): T | undefined {
    return isBlank(this.#object[name]) ? undefined : this.required(name, allowed, read)
  }

  /** Like `optional`, but a blank member is a reason too. */
  required<T>(name: string, allowed: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.#object[name]
    const result = read(value)
    if (result !== undefined) return result
    const code = isBlank(value) ? 'event.missing' : 'event.invalid'
    this.#reasons.push(reasonFor(code, `${this.#path}${name}`, value, allowed))
    return undefined
  }
}

/** The sentence for one member that cannot be read. */
export function reasonFor(code: QuarantineCode, path: string, value: unknown, allowed: string): QuarantineReason {
  return { code, message: `${path}: seen ${describeValue(value)}; allowed ${allowed}` }
}

/** The kind and size of a value, without the value. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return `text of ${value.length} characters`
  if (typeof value === 'number') return describeNumber(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object') return `an object of ${Object.keys(value).length}`
  return `a ${typeof value}`
}

function describeNumber(value: number): string {
  if (!Number.isInteger(value)) return 'a fraction'
  return Number.isSafeInteger(value) ? `an integer of ${String(Math.abs(value)).length} digits` : 'an inexact integer'
}
