// What a word of Customer.io was about: a digest of the settings that the question was made from. A finding under another
// mark says nothing of the settings as they are.
import { createHash } from 'node:crypto'
import type { Integration } from '../../../contract/integration.ts'
import type { Org } from '../../../contract/org.ts'
import { canonicalise } from '../events/canonicalise.ts'

type Connected = Pick<Org, 'customerio'>

/** Which key was asked with, where, and about which workspace. */
export function markSettings({ customerio }: Connected): string {
  return digestOf(asked(customerio))
}

/** Also whether there is a signing key: it decides whether the webhook may be enabled. */
export function markWebhook({ customerio }: Connected): string {
  return digestOf([asked(customerio), customerio?.signingKey === undefined])
}

/** Also what connects the template to its campaigns. */
export function markIntegration({ customerio }: Connected, own: readonly Integration[]): string {
  return digestOf([asked(customerio), own.toSorted((a, b) => (a.source < b.source ? -1 : 1))])
}

/** The key by its last four and since when it is stored; what it is stays a secret. */
function asked(customerio: Org['customerio']) {
  const { region = 'us', workspace, appApiKey } = customerio ?? {}
  return [region, workspace?.id ?? null, appApiKey?.lastFour ?? null, appApiKey?.sinceMs ?? null]
}

function digestOf(facts: unknown): string {
  return createHash('sha256').update(canonicalise(facts)).digest('base64url').slice(0, 22)
}
