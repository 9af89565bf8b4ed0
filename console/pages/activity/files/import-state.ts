// How far a file is, in words, and how it is named for people.
import type { ImportAnswer, ImportStatus } from '../../../../contract/import.ts'

export const importLooks: Readonly<Record<ImportStatus, { readonly colour: string; readonly word: string }>> = {
  planning: { colour: 'blue', word: 'being read' },
  loading: { colour: 'blue', word: 'being loaded' },
  complete: { colour: 'green', word: 'complete' },
  complete_with_errors: { colour: 'yellow', word: 'complete, rows rejected' },
  failed: { colour: 'red', word: 'failed' },
  superseded: { colour: 'gray', word: 'overtaken by a newer version' },
}

/** `incoming/acme/events/dt=2026-11-25/purchases.csv` is `purchases.csv`. */
export function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

/** 0 to 1 while it is under way; undefined before and after. */
export function partDone({ status, ranges, ranges_done }: ImportAnswer): number | undefined {
  if (status !== 'loading' || ranges === null || ranges === 0) return undefined
  return (ranges_done ?? 0) / ranges
}
