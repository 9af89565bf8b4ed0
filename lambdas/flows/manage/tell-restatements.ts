// Sends word of what a change of settings has counted anew, so that it begins at once.
import type { OrgSlug } from '../../../contract/ids.ts'
import type { Restated, RestatementMessage } from '../../../contract/restatement.ts'
import { restatementId } from '../../domain/measuring/restate.ts'

export interface TellDeps {
  readonly sendRestatement: (message: RestatementMessage) => Promise<void>
  /** Told of word that could not be sent. */
  readonly unsent: (cause: unknown) => void
}

/**
 * The change stands, with what it asks for: the schedule finds that too, minutes later. So word that cannot be sent is noted,
 * and fails nothing.
 */
export async function tellRestatements(deps: TellDeps, org: OrgSlug, restated: readonly Restated[]): Promise<void> {
  const sent = await Promise.allSettled(restated.map((what) => deps.sendRestatement({ org, id: restatementId(what) })))
  for (const each of sent) if (each.status === 'rejected') deps.unsent(each.reason)
}
