// Who may do what in an org: the groups of the stage's user pool, as its tokens name them.
import * as z from 'zod/mini'

/** A viewer reads; an admin reads and changes. */
export const roleSchema = z.enum(['viewer', 'admin'])
export type Role = z.infer<typeof roleSchema>

/** The group of those who may create orgs. It gives no access to any org. */
export const operatorGroup = 'operators'

/** A group of an org: `org:acme:admin`. */
export const memberGroupPattern = /^org:([a-z0-9][a-z0-9-]{0,62}):(admin|viewer)$/

/** The page of the console that a sign-in comes back to. The user pool sends its answers nowhere else. */
export const signedInPath = '/signed-in'

/** The claims of an access token that the service reads, as Cognito names them. */
export const accessClaimsSchema = z.object({
  sub: z.string().check(z.minLength(1), z.maxLength(128)),
  token_use: z.literal('access'),
  client_id: z.string(),
  'cognito:groups': z.optional(z.array(z.string())),
})
