// Looks at the reporting webhooks at Customer.io and, if asked to, makes or mends ours. Reads before it writes and again
// after, so that what it says is what Customer.io has; run twice, it finds nothing left to do.
import type { ReportingWebhook, WebhookSettings } from '../../contract/customerio.ts'
import { CioFailure, isPassing } from '../domain/cio-failure.ts'
import { judgeReportingWebhook, judgeWebhookFailure } from '../domain/judge-reporting-webhook.ts'
import { planReportingWebhook } from '../domain/plan-reporting-webhook.ts'
import type { Verified } from './setup/keep-findings.ts'

export interface ReportingWebhooks {
  listReportingWebhooks(): Promise<ReportingWebhook[]>
  createReportingWebhook(settings: WebhookSettings): Promise<ReportingWebhook>
  updateReportingWebhook(webhookId: string, settings: WebhookSettings): Promise<ReportingWebhook>
}

export interface MendWish {
  readonly endpoint: string
  /** When the current signing key was stored; absent while there is none. */
  readonly signingKeySinceMs: number | undefined
  /** When we made the webhook, if we did: an older signing key cannot be its own. */
  readonly createdAtMs: number | undefined
  /** Which one was ours when it was last looked. */
  readonly knownId: string | undefined
  readonly mend: boolean
}

export interface Mended extends Verified {
  /** What was done at Customer.io. */
  readonly done: 'created' | 'mended' | 'nothing'
  /** The one that is ours. */
  readonly webhookId?: string | undefined
}

/** Never throws for what Customer.io answers: that is in the findings. */
export async function mendReportingWebhook(cio: ReportingWebhooks, wish: MendWish): Promise<Mended> {
  const { endpoint, signingKeySinceMs, createdAtMs, knownId, mend } = wish
  const mayEnable = signingKeySinceMs !== undefined && (createdAtMs === undefined || signingKeySinceMs > createdAtMs)
  let done: Mended['done'] = 'nothing'
  try {
    const before = planReportingWebhook(await cio.listReportingWebhooks(), { endpoint, mayEnable, knownId })
    if (!mend) {
      const facts = { webhook: before.ours, endpoint, drifts: before.drifts, done, mayEnable }
      return { findings: judgeReportingWebhook(facts), conclusive: true, done, webhookId: before.ours?.id }
    }
    if (before.create !== undefined) {
      await cio.createReportingWebhook(before.create)
      done = 'created'
    }
    for (const { id, settings } of before.updates) {
      await cio.updateReportingWebhook(id, settings)
      done = 'mended'
    }
    // Another signing key belongs to what was made just now than to anything stored before.
    const stillMay = mayEnable && done !== 'created'
    const after = planReportingWebhook(await cio.listReportingWebhooks(), { endpoint, mayEnable: stillMay, knownId })
    const facts = { webhook: after.ours, endpoint, drifts: before.drifts, done, mayEnable: stillMay }
    return { findings: judgeReportingWebhook(facts), conclusive: true, done, webhookId: after.ours?.id }
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    return { findings: judgeWebhookFailure(failure), conclusive: !isPassing(failure) && done === 'nothing', done }
  }
}
