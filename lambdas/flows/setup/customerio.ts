// Customer.io as an org may reach it: with its own App API key, in its own region, within the time of one request.
import type { OrgSlug } from '../../../contract/ids.ts'
import type { Org, Region } from '../../../contract/org.ts'
import type { OrgSecret } from '../../../contract/secrets.ts'
import { Fault } from '../../domain/api/fault.ts'
import type { BackfillDeps } from '../backfill-messages.ts'
import type { Call } from '../manage/call.ts'
import type { ReportingWebhooks } from '../mend-reporting-webhook.ts'
import type { Campaigns } from '../verify-integration.ts'
import type { Account } from '../verify-settings.ts'

export interface Customerio extends Account, Campaigns, ReportingWebhooks {
  readonly readMessages: BackfillDeps['readMessages']
}

export interface ConnectDeps {
  readonly findOrg: (org: OrgSlug, signal?: AbortSignal) => Promise<Org | undefined>
  /** As it stands now; empty when none was ever stored. */
  readonly readSecret: (org: OrgSlug) => Promise<OrgSecret>
  readonly customerio: (region: Region, apiKey: string, signal: AbortSignal) => Customerio
}

export interface Connection {
  readonly org: Org
  readonly region: Region
  /** Undefined while no App API key is stored. */
  readonly ask: ((region: Region) => Customerio) | undefined
}

export async function connect(deps: ConnectDeps, { org, signal }: Call): Promise<Connection> {
  const [found, secret] = await Promise.all([deps.findOrg(org, signal), deps.readSecret(org)])
  if (found === undefined) throw new Fault('auth.failed')
  const { appApiKey } = secret
  const region = found.customerio?.region ?? 'us'
  if (appApiKey === undefined) return { org: found, region, ask: undefined }
  return { org: found, region, ask: (of) => deps.customerio(of, appApiKey, signal) }
}

/** The sentence for whoever wants something of Customer.io before there is a key. */
export const noKey = {
  seen: 'No App API key is stored yet.',
  what_to_do: 'Store the App API key first; then come back.',
} as const
