// Reads a function's answer to a batch: which items it reports as failed. Pure.
import { at, isRecord, type Json, listAt, tryJson } from '../json.ts'

export type BatchVerdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed-items'; readonly identifiers: ReadonlySet<string> }
  | { readonly kind: 'failed' }

/** An empty answer or list is success; an empty, unknown or missing identifier fails the whole batch, as Lambda has it. */
export const verdictOf = (resultText: string, known: ReadonlySet<string>): BatchVerdict => {
  const result: Json | undefined = tryJson(resultText)
  if (!isRecord(result)) return result === null || result === '' ? { kind: 'done' } : { kind: 'failed' }
  const failures = result.batchItemFailures
  if (failures === undefined || failures === null) return { kind: 'done' }
  if (!Array.isArray(failures)) return { kind: 'failed' }
  const identifiers = listAt(failures).map((failure) => at(failure, 'itemIdentifier'))
  if (identifiers.length === 0) return { kind: 'done' }
  const texts = identifiers.filter((identifier) => typeof identifier === 'string' && known.has(identifier)).map(String)
  return texts.length === identifiers.length
    ? { kind: 'failed-items', identifiers: new Set(texts) }
    : { kind: 'failed' }
}
