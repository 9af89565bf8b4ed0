// Looks at the reporting webhooks at Customer.io and, if asked to, makes or mends ours. Reads before it writes and again
// after, so that what it says is what Customer.io has; run twice, it finds nothing left to do.
import type { Finding } from '../../contract/check.ts'
import type { ReportingWebhook, WebhookSettings } from '../../contract/customerio.ts'
import { CioFailure } from '../domain/cio-failure.ts'
import { judgeReportingWebhook, judgeWebhookFailure } from '../domain/judge-reporting-webhook.ts'
import { planReportingWebhook } from '../domain/plan-reporting-webhook.ts'

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
  readonly mend: boolean
}

export interface Mended {
  readonly findings: readonly Finding[]
  readonly created: boolean
}

/** Never throws for what Customer.io answers: that is in the findings. */
export async function mendReportingWebhook(cio: ReportingWebhooks, wish: MendWish): Promise<Mended> {
  const { endpoint, signingKeySinceMs, createdAtMs, mend } = wish
  const mayEnable = signingKeySinceMs !== undefined && (createdAtMs === undefined || signingKeySinceMs > createdAtMs)
  let created = false
  try {
    const before = planReportingWebhook(await cio.listReportingWebhooks(), { endpoint, mayEnable })
    if (!mend) {
      const facts = { webhook: before.ours, endpoint, drifts: before.drifts, done: 'nothing', mayEnable } as const
      return { findings: judgeReportingWebhook(facts), created }
    }
    if (before.create !== undefined) {
      await cio.createReportingWebhook(before.create)
      created = true
    }
    for (const { id, settings } of before.updates) await cio.updateReportingWebhook(id, settings)
    const after = planReportingWebhook(await cio.listReportingWebhooks(), {
      endpoint,
      mayEnable: mayEnable && !created,
    })
    const done = created ? 'created' : before.updates.length > 0 ? 'mended' : 'nothing'
    const facts = {
      webhook: after.ours,
      endpoint,
      drifts: before.drifts,
      done,
      mayEnable: mayEnable && !created,
    } as const
    return { findings: judgeReportingWebhook(facts), created }
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    return { findings: judgeWebhookFailure(failure), created }
  }
}
