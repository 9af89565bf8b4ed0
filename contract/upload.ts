// A file that is put into the bucket from the console: what is said of it beforehand, and where it may then be put.
import * as z from 'zod/mini'
import { maxUploadBytes } from './limits.ts'

export const uploadRequestSchema = z.strictObject({
  /** The file's own name, without folders. Its ending says what it holds. */
  name: z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[^/\p{Cc}\p{Cs}]*$/u)),
  bytes: z.int().check(z.minimum(1), z.maximum(maxUploadBytes)),
  /** Another system of the org's: event ids are unique within it. */
  source: z.optional(z.string().check(z.regex(/^[a-z0-9][a-z0-9_-]{0,62}$/))),
  /** The folder by day; absent: today, UTC. */
  date: z.optional(z.iso.date()),
})

export const uploadAnswerSchema = z.object({
  /** The key in the bucket, by which the list of imports names the file a moment after it was put there. */
  file: z.string(),
  /** One PUT of the file's bytes with just these headers; S3 refuses another size, type or place. */
  upload: z.object({
    method: z.literal('PUT'),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    expires: z.iso.datetime(),
  }),
})
