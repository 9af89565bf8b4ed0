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
    /** `raced`: another word than `over` stands by now. */
    replace(
      org: OrgSlug,
      topic: VerificationTopic,
      over: Verification | undefined,
      verification: Verification,
    ): Promise<'replaced' | 'raced'>
  }
  readonly now: () => number
}

/** Others ask at the same time now and then, not again and again. */
const maxAttempts = 5

/** The findings, each with since when it stands so. `of`: the settings that were asked about, by their mark. */
export async function keepFindings(
  { verifications, now }: KeepFindingsDeps,
  org: OrgSlug,
  topic: VerificationTopic,
  of: string,
  { findings, conclusive, extra }: Verified,
): Promise<Check[]> {
  if (!conclusive) return findings.map((finding) => ({ ...finding, since: null }))
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const standing = (await verifications.list(org)).get(topic)
    // Each word has a later time than the one before, by which it is known.
    const checkedAtMs = Math.max(now(), (standing?.checkedAtMs ?? 0) + 1)
    const before = standing?.of === of ? standing.findings : []
    const dated = findings.map((finding) => {
      const same = before.find(({ id, state }) => id === finding.id && state === finding.state)
      return { ...finding, sinceMs: same?.sinceMs ?? checkedAtMs }
    })
    const word = { checkedAtMs, of, findings: dated, ...rememberedOf(standing), ...extra }
    if ((await verifications.replace(org, topic, standing, word)) === 'raced') continue
    return dated.map(({ sinceMs, ...finding }) => ({ ...finding, since: new Date(sinceMs).toISOString() }))
  }
  throw new Error(`the word of Customer.io on ${topic} was replaced by others ${maxAttempts} times`)
}

/** What stays true whatever is found later: which webhook is ours, and when we made it. */
function rememberedOf({ webhookCreatedAtMs, webhookId }: Partial<Verification> = {}): Verified['extra'] {
  return {
    ...(webhookCreatedAtMs !== undefined && { webhookCreatedAtMs }),
    ...(webhookId !== undefined && { webhookId }),
  }
}
