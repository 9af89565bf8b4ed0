// Typed reading of parsed JSON: templates, manifests and AWS messages all arrive as plain JSON.

export type Json = null | boolean | number | string | readonly Json[] | JsonRecord
export type JsonRecord = { readonly [key: string]: Json | undefined }

/** Parses text that must be JSON; throws a SyntaxError otherwise. */
export const parseJson = (text: string): Json => JSON.parse(text)

/** Parses text that may be JSON; undefined when it is not. */
export const tryJson = (text: string): Json | undefined => {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

export const isRecord = (value: Json | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

/** Follows keys into nested objects; undefined as soon as one is missing. */
export const at = (value: Json | undefined, ...keys: string[]): Json | undefined => {
  let found = value
  for (const key of keys) found = isRecord(found) ? found[key] : undefined
  return found
}

export const recordAt = (value: Json | undefined, ...keys: string[]): JsonRecord => {
  const found = at(value, ...keys)
  return isRecord(found) ? found : {}
}

export const listAt = (value: Json | undefined, ...keys: string[]): readonly Json[] => {
  const found = at(value, ...keys)
  return isList(found) ? found : []
}

/** A string, or a scalar as its string: CloudFormation takes either. */
export const findText = (value: Json | undefined, ...keys: string[]): string | undefined => {
  const found = at(value, ...keys)
  if (typeof found === 'string') return found
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined
}

export const textAt = (value: Json | undefined, ...keys: string[]): string => findText(value, ...keys) ?? ''

export const findNumber = (value: Json | undefined, ...keys: string[]): number | undefined => {
  const text = findText(value, ...keys)
  return text === undefined || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text)
}

/** A list of strings; a lone string counts as a list of one. */
export const textsAt = (value: Json | undefined, ...keys: string[]): string[] => {
  const found = at(value, ...keys)
  return isList(found)
    ? found.map((item) => textAt(item))
    : found === undefined || found === null
      ? []
      : [textAt(found)]
}
