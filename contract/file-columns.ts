// An org's own names of the columns of its files, for the members of an event.
import * as z from 'zod/mini'

/** The members that may have another name: each by the first of its accepted names. */
export const fileMembers = [
  'event_id',
  'name',
  'timestamp',
  'user_id',
  'email',
  'cio_id',
  'delivery_id',
  'tracking_id',
  'value',
  'currency',
  'properties',
] as const

export const fileColumnsSchema = z.array(
  z.strictObject({
    member: z.enum(fileMembers),
    /** As the header has it; in CSV and Parquet its case and the white space around it do not matter. */
    column: z.string().check(z.maxLength(128), z.regex(/^(?=.*\S)\P{Cc}+$/u)),
  }),
)
