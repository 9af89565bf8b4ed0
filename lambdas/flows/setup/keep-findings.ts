// Keeps what Customer.io said, so that health can tell it without asking again. What was not answered is told and not kept:
// the earlier word stands.
import type { Check, Finding } from '../../../contract/check.ts'
import type { OrgSlug } from '../../../contract/ids.ts'
import type { Verification, VerificationTopic } from '../../../contract/verification.ts'

export interface Verified {
  readonly findings: readonly Finding[]
  /** False when Customer.io did not answer, or there was nobody to ask. */
  readonly conclusive: boolean
  readonly extra?: Pick<Verification, 'runningCampaigns' | 'webhookCreatedAtMs' | 'webhookId'>
}

export interface KeepFindingsDeps {
  readonly verifications: {
    list(org: OrgSlug): Promise<ReadonlyMap<string, Verification>>
    put(org: OrgSlug, topic: VerificationTopic, verification: Verification): Promise<void>
  }
  readonly now: () => number
}

/** The findings, each with since when it stands so. `of`: the settings that were asked about, by their mark. */
export async function keepFindings(
  { verifications, now }: KeepFindingsDeps,
  org: OrgSlug,
  topic: VerificationTopic,
  of: string,
  { findings, conclusive, extra }: Verified,
): Promise<Check[]> {
  if (!conclusive) return findings.map((finding) => ({ ...finding, since: null }))
  const checkedAtMs = now()
  const standing = (await verifications.list(org)).get(topic)
  const before = standing?.of === of ? standing.findings : []
  const dated = findings.map((finding) => {
    const same = before.find(({ id, state }) => id === finding.id && state === finding.state)
    return { ...finding, sinceMs: same?.sinceMs ?? checkedAtMs }
  })
  await verifications.put(org, topic, { checkedAtMs, of, findings: dated, ...extra })
  return dated.map(({ sinceMs, ...finding }) => ({ ...finding, since: new Date(sinceMs).toISOString() }))
}
