// What is wrong with the names of columns that somebody types, before they are saved.
import type * as z from 'zod/mini'
import { fileColumnsSchema } from '../../../contract/file-columns.ts'

export type FileColumn = z.infer<typeof fileColumnsSchema>[number]

/** Why the name of this member's column cannot be saved; undefined when it can, or there is none. */
export function problemOf(columns: readonly FileColumn[], member: FileColumn['member']): string | undefined {
  const own = columns.find((each) => each.member === member)
  if (own === undefined) return undefined
  if (!fileColumnsSchema.safeParse([own]).success) return 'One line of text.'
  const twin = columns.find((each) => each.member !== member && folded(each) === folded(own))
  return twin === undefined ? undefined : `${twin.member} has this column already.`
}

/** Names of columns are told apart without case and the white space around them. */
function folded({ column }: FileColumn): string {
  return column.trim().toLowerCase()
}
