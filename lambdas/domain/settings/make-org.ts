// An org as it is made: nothing connected, unsigned webhooks accepted until a signing key is stored.
import type { OrgSlug } from '../../../contract/ids.ts'
import type { Org } from '../../../contract/org.ts'

export function makeOrg(org: OrgSlug, name: string): Org {
  return { org, name, personIdentifier: 'id', currency: 'USD', webhookSignature: 'none' }
}
