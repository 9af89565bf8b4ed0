// What a message on the queue of notices asks for: S3's own notifications, and ours.
import * as z from 'zod/mini'
import { orgSlugSchema } from '../../../contract/ids.ts'

/** Work for the planner: an object to look at, or an import whose ranges are all loaded. */
export const noticeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plan'), key: z.string(), importId: z.optional(z.string()) }),
  z.object({
    kind: z.literal('finish'),
    org: orgSlugSchema,
    importId: z.string(),
    /** End it with what is there: nobody could do the rest. */
    stuck: z.optional(z.boolean()),
    /** The range whose unpacked part is no longer there. */
    partOf: z.optional(z.number()),
  }),
])
export type Notice = z.infer<typeof noticeSchema>

/** S3 sends this when the notification is set up. */
const testSchema = z.object({ Event: z.literal('s3:TestEvent') })
const notificationSchema = z.object({
  Records: z.array(z.object({ eventName: z.string(), s3: z.object({ object: z.object({ key: z.string() }) }) })),
})

/** @throws when the message is none of these */
export function readNotice(body: string): Notice[] {
  const message: unknown = JSON.parse(body)
  if (testSchema.safeParse(message).success) return []
  const notification = notificationSchema.safeParse(message)
  if (!notification.success) return [noticeSchema.parse(message)]
  return notification.data.Records.filter(({ eventName }) => eventName.includes('ObjectCreated')).map(({ s3 }) => ({
    kind: 'plan',
    key: decodeKey(s3.object.key),
  }))
}

/** Keys in notifications are encoded like a form: `+` is a space. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '))
}
