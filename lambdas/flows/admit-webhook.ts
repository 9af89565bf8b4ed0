// Decides whether a reporting webhook comes from Customer.io on behalf of an org that we know.
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import type { Org } from '../../contract/org.ts'
import type { OrgSecret } from '../../contract/secrets.ts'
import {
  checkSignatureHeaders,
  matchesSignature,
  type SignedRequest,
  type Verdict,
} from '../domain/events/verify-signature.ts'

export interface AdmitDeps {
  readonly findOrg: (org: OrgSlug) => Promise<Org | undefined>
  readonly secrets: {
    get(org: OrgSlug): Promise<OrgSecret>
    /** Undefined when no newer secret than `seen` could fit; throws while that cannot be known. */
    refresh(org: OrgSlug, seen: OrgSecret, cameAtMs: number): Promise<OrgSecret | undefined>
  }
  readonly now: () => number
}

export type Admission =
  /** `signed`: with a key that we keep; else the org has none yet. */
  | { readonly admitted: true; readonly org: OrgSlug; readonly signed: boolean }
  | {
      readonly admitted: false
      /** The org, when we know it: then only the signature is wrong. */
      readonly org?: OrgSlug
      readonly why: 'org.malformed' | 'org.unknown' | `signature.${Exclude<Verdict, 'valid'>}`
    }

/** @throws when the org or its key cannot be read, or not yet again: that says nothing about the caller. */
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
  if (org.webhookSignature === 'none') return { admitted: true, org: parsed.data, signed: false }
  const cameAtMs = deps.now()
  const headers = checkSignatureHeaders(request, cameAtMs, org.maxSignatureAgeSeconds)
  if (headers !== 'valid') return { admitted: false, org: parsed.data, why: `signature.${headers}` }
  const signed = await isSigned(deps.secrets, parsed.data, request, cameAtMs)
  return signed
    ? { admitted: true, org: parsed.data, signed: true }
    : { admitted: false, org: parsed.data, why: 'signature.mismatch' }
}

/** The keys may have been changed a moment ago: a signature is wrong when keys read after it came do not fit it. */
async function isSigned(
  secrets: AdmitDeps['secrets'],
  org: OrgSlug,
  request: SignedRequest,
  cameAtMs: number,
): Promise<boolean> {
  let secret: OrgSecret | undefined = await secrets.get(org)
  while (secret !== undefined) {
    if (matchesSignature(request, keysOf(secret))) return true
    secret = await secrets.refresh(org, secret, cameAtMs)
  }
  return false
}

/** @throws when there is no key: "no key" must never mean "no signature needed". */
function keysOf({ signingKey, previousSigningKey }: OrgSecret): string[] {
  const keys = [signingKey, previousSigningKey].filter((key) => key !== undefined)
  if (keys.length === 0) throw new Error('the secret of the org holds no signing key')
  return keys
}
