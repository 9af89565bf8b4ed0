// What an org has at Customer.io, as lists to choose from: workspaces, campaigns, and the actions of one campaign. Like a
// check, an answer says how it went, so that a list which could not be had says why and what to do.
import * as z from 'zod/mini'
import { findingSchema } from './check.ts'

const named = { id: z.string(), /** Empty when it has none. */ name: z.string() }

const { state, seen, what_to_do } = findingSchema.shape
/** `ok`: the list is whole. `waiting`: Customer.io could not be asked, or did not answer. `broken`: it refuses. */
const outcome = { state, seen, what_to_do }

export const workspacesAnswerSchema = z.object({ ...outcome, workspaces: z.array(z.object(named)) })
export type WorkspacesAnswer = z.infer<typeof workspacesAnswerSchema>

export const campaignsAnswerSchema = z.object({
  ...outcome,
  campaigns: z.array(z.object({ ...named, /** As Customer.io says: running, draft, stopped. */ state: z.string() })),
})
export type CampaignsAnswer = z.infer<typeof campaignsAnswerSchema>

export const actionsAnswerSchema = z.object({
  ...outcome,
  actions: z.array(
    z.object({
      ...named,
      /** As Customer.io says: webhook, email, twilio, push and so on. */
      type: z.string(),
      /** A webhook action that calls our address for this org's copy. */
      calls_us: z.boolean(),
    }),
  ),
})
export type ActionsAnswer = z.infer<typeof actionsAnswerSchema>
