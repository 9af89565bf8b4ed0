// What health is judged from: facts that are stored anyway, each read by its key. Nothing is scanned or asked of others.
import type { Integration } from '../../contract/integration.ts'
import type { Restatement } from '../../contract/restatement.ts'
import type { Template } from '../../contract/template.ts'
import type { Verification } from '../../contract/verification.ts'
import type { DaySum } from './sum-days.ts'

/** Days of sending that health looks at, today included. */
export const healthDays = 8

export interface TemplateFacts {
  readonly template: Pick<Template, 'templateId' | 'status' | 'keyMetric' | 'copyLimitBytes'>
  readonly integration: Integration | undefined
  readonly verification: Verification | undefined
  /** Of the last `healthDays`. */
  readonly days: readonly DaySum[]
}

/** A kind of refused webhook call: seen at least once. */
export interface Refusal {
  /** `signature.unsigned`, `signature.mismatch` … */
  readonly why: string
  readonly firstAtMs: number
  readonly lastAtMs: number
}

export interface HealthFacts {
  readonly nowMs: number
  readonly webhookSignature: 'none' | 'required'
  readonly settings: Verification | undefined
  readonly reportingWebhook: Verification | undefined
  /** Live API keys of ours with the scope `generate`. */
  readonly generateKeys: number
  readonly templates: readonly TemplateFacts[]
  /** Sources that no template claims, with what was sent from them. */
  readonly unmapped: readonly { readonly source: string; readonly days: readonly DaySum[] }[]
  readonly refusals: readonly Refusal[]
  /** What a changed setting has counted anew, until it is done. */
  readonly restatements: readonly Restatement[]
  /** Bodies set aside, newest first; as many as one page holds. */
  readonly setAside: readonly { readonly receivedAtMs: number; readonly codes: readonly string[] }[]
}
