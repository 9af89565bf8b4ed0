// What somebody is typing, kept in this tab until it is saved: a failed save, a reload or a new sign-in loses nothing.
import { useEffect, useState } from 'react'
import * as z from 'zod/mini'

export interface Draft<T> {
  readonly value: T
  readonly change: (changes: Partial<T>) => void
  readonly isChanged: boolean
  /** The state that the typing began from: a save refuses to overwrite a newer one. */
  readonly etag: string | undefined
  /** Drops what was typed, after a save or on request. */
  readonly drop: () => void
}

interface Kept<T> {
  readonly value: T
  readonly etag?: string | undefined
}

/** `name` tells drafts of different things apart; `saved` is what is stored now. */
export function useDraft<T extends object>(
  name: string,
  schema: z.ZodMiniType<T>,
  saved: T,
  etag?: string | undefined,
): Draft<T> {
  const key = `draft:${name}`
  const [kept, setKept] = useState<Kept<T> | undefined>(() => readKept(key, schema))
  useEffect(() => {
    if (kept === undefined) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(kept))
  }, [key, kept])
  return {
    value: kept?.value ?? saved,
    isChanged: kept !== undefined && JSON.stringify(kept.value) !== JSON.stringify(saved),
    etag: kept === undefined ? etag : kept.etag,
    change: (changes) =>
      setKept((before) => ({
        value: { ...(before?.value ?? saved), ...changes },
        etag: before === undefined ? etag : before.etag,
      })),
    drop: () => setKept(undefined),
  }
}

function readKept<T>(key: string, schema: z.ZodMiniType<T>): Kept<T> | undefined {
  const text = sessionStorage.getItem(key)
  if (text === null) return undefined
  try {
    const read = z.object({ value: schema, etag: z.optional(z.string()) }).safeParse(JSON.parse(text))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}
