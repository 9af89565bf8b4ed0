// Decides whether a reporting webhook comes from Customer.io on behalf of an org that we know.
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import type { Org } from '../../contract/org.ts'
import type { OrgSecret } from '../../contract/secrets.ts'
import {
  checkSignatureHeaders,
  matchesSignature,
  type SignedRequest,
  type Verdict,
} from '../domain/verify-signature.ts'

export interface AdmitDeps {
  readonly findOrg: (org: OrgSlug) => Promise<Org | undefined>
  readonly secrets: {
    get(org: OrgSlug): Promise<OrgSecret>
    refresh(org: OrgSlug, seen: OrgSecret): Promise<OrgSecret | undefined>
  }
  readonly now: () => number
}

export type Admission =
  | { readonly admitted: true; readonly org: OrgSlug }
  | {
      readonly admitted: false
      readonly why: 'org.malformed' | 'org.unknown' | `signature.${Exclude<Verdict, 'valid'>}`
    }

/** @throws when the org or its key cannot be read: that says nothing about the caller. */
export async function admitWebhook(
  deps: AdmitDeps,
  slug: string | undefined,
  request: SignedRequest,
): Promise<Admission> {
  const parsed = orgSlugSchema.safeParse(slug)
  if (!parsed.success) return { admitted: false, why: 'org.malformed' }
  const org = await deps.findOrg(parsed.data)
  if (org === undefined) return { admitted: false, why: 'org.unknown' }
  // Until a key is stored there is nothing to check with; Customer.io signs all the same.
  if (org.webhookSignature === 'none') return { admitted: true, org: parsed.data }
  const headers = checkSignatureHeaders(request, deps.now(), org.maxSignatureAgeSeconds)
  if (headers !== 'valid') return { admitted: false, why: `signature.${headers}` }
  const signed = await isSigned(deps.secrets, parsed.data, request)
  return signed ? { admitted: true, org: parsed.data } : { admitted: false, why: 'signature.mismatch' }
}

async function isSigned(secrets: AdmitDeps['secrets'], org: OrgSlug, request: SignedRequest): Promise<boolean> {
  const secret = await secrets.get(org)
  if (matchesSignature(request, keysOf(secret))) return true
  // The key may have been changed a moment ago.
  const newer = await secrets.refresh(org, secret)
  return newer !== undefined && matchesSignature(request, keysOf(newer))
}

/** @throws when there is no key: "no key" must never mean "no signature needed". */
function keysOf({ signingKey, previousSigningKey }: OrgSecret): string[] {
  const keys = [signingKey, previousSigningKey].filter((key) => key !== undefined)
  if (keys.length === 0) throw new Error('the secret of the org holds no signing key')
  return keys
}
