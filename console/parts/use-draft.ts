// What somebody is typing, kept in this tab until it is saved: a failed save, a reload or a new sign-in loses nothing. Only the
// members that were typed in are kept; the others follow what is stored.
import { useEffect, useState } from 'react'
import * as z from 'zod/mini'
import { changesOf } from './changes.ts'

export interface Draft<T> {
  readonly value: T
  readonly change: (changes: Partial<T>) => void
  readonly isChanged: boolean
  /** The state that the typing began from: a save refuses to overwrite a newer one. */
  readonly etag: string | undefined
  /** Puts what was typed upon the newest state, after somebody else saved meanwhile. */
  readonly rebase: () => void
  /** Drops what was typed, after a save or on request. */
  readonly drop: () => void
}

interface Kept<T> {
  readonly typed: Partial<T>
  /** Absent: whichever is the newest. */
  readonly etag?: string | undefined
}

const keptSchema = z.object({ typed: z.record(z.string(), z.unknown()), etag: z.optional(z.string()) })

/** `name` tells drafts of different things apart; `saved` is what is stored now. */
export function useDraft<T extends object>(
  name: string,
  schema: z.ZodMiniType<T>,
  saved: T,
  etag?: string | undefined,
): Draft<T> {
  const key = `draft:${name}`
  const [kept, setKept] = useState<Kept<T> | undefined>(() => readKept(key, schema, saved))
  useEffect(() => {
    if (kept === undefined) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(kept))
  }, [key, kept])
  const value: T = { ...saved, ...kept?.typed }
  return {
    value,
    isChanged: JSON.stringify(value) !== JSON.stringify(saved),
    etag: kept?.etag ?? etag,
    change: (changes) =>
      setKept((before) =>
        before === undefined ? { typed: changes, etag } : { ...before, typed: { ...before.typed, ...changes } },
      ),
    rebase: () => setKept((before) => before && { typed: before.typed }),
    drop: () => setKept(undefined),
  }
}

function readKept<T extends object>(key: string, schema: z.ZodMiniType<T>, saved: T): Kept<T> | undefined {
  const text = sessionStorage.getItem(key)
  if (text === null) return undefined
  try {
    const { typed, etag } = keptSchema.parse(JSON.parse(text))
    const read = schema.safeParse({ ...saved, ...typed })
    return read.success ? { typed: changesOf(read.data, saved), etag } : undefined
  } catch {
    return undefined
  }
}
