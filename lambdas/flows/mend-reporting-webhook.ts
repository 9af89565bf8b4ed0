// Looks at the reporting webhooks at Customer.io and, if asked to, makes or mends ours. Reads before it writes and again
// after, so that what it says is what Customer.io has; run twice, it finds nothing left to do.
import type { ReportingWebhook, WebhookSettings } from '../../contract/customerio.ts'
import { CioFailure, isPassing, mayBeDone } from '../domain/health/cio-failure.ts'
import { judgeReportingWebhook, judgeWebhookFailure } from '../domain/health/judge-reporting-webhook.ts'
import { planReportingWebhook } from '../domain/health/plan-reporting-webhook.ts'
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
  /** Of the templates in use: the events that tell them must be selected. */
  readonly keyMetrics: readonly string[]
  readonly mend: boolean
}

export interface Mended extends Verified {
  /** What was done at Customer.io; `perhaps` when it was asked for and no answer told. */
  readonly done: 'created' | 'perhaps created' | 'mended' | 'perhaps mended' | 'nothing'
  /** The one that is ours. */
  readonly webhookId?: string | undefined
}

/** Never throws for what Customer.io answers: that is in the findings. */
export async function mendReportingWebhook(cio: ReportingWebhooks, wish: MendWish): Promise<Mended> {
  const { endpoint, signingKeySinceMs, createdAtMs, knownId, keyMetrics, mend } = wish
  const mayEnable = signingKeySinceMs !== undefined && (createdAtMs === undefined || signingKeySinceMs > createdAtMs)
  let done: 'created' | 'mended' | 'nothing' = 'nothing'
  let asked: 'created' | 'mended' | undefined
  try {
    const before = planReportingWebhook(await cio.listReportingWebhooks(), { endpoint, mayEnable, knownId })
    if (!mend) {
      const facts = { webhook: before.ours, endpoint, drifts: before.drifts, done, mayEnable, keyMetrics }
      return { findings: judgeReportingWebhook(facts), conclusive: true, done, webhookId: before.ours?.id }
    }
    if (before.create !== undefined) {
      asked = 'created'
      await cio.createReportingWebhook(before.create)
      done = asked
    }
    for (const { id, settings } of before.updates) {
      asked = 'mended'
      await cio.updateReportingWebhook(id, settings)
      done = asked
    }
    asked = undefined
    // Another signing key belongs to what was made just now than to anything stored before.
    const stillMay = mayEnable && done !== 'created'
    const after = planReportingWebhook(await cio.listReportingWebhooks(), { endpoint, mayEnable: stillMay, knownId })
    const facts = { webhook: after.ours, endpoint, drifts: before.drifts, done, mayEnable: stillMay, keyMetrics }
    return { findings: judgeReportingWebhook(facts), conclusive: true, done, webhookId: after.ours?.id }
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    const told = asked !== undefined && mayBeDone(failure) ? (`perhaps ${asked}` as const) : done
    return { findings: judgeWebhookFailure(failure), conclusive: !isPassing(failure) && done === 'nothing', done: told }
  }
}
