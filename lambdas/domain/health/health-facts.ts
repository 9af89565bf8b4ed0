// What health is judged from: facts that are stored anyway, each read by its key. Nothing is scanned or asked of others.
import { type SourceRef, sourceRefSchema } from '../../../contract/ids.ts'
import type { Integration } from '../../../contract/integration.ts'
import type { Recounted } from '../../../contract/recounted.ts'
import type { Restatement } from '../../../contract/restatement.ts'
import type { Template } from '../../../contract/template.ts'
import type { Verification } from '../../../contract/verification.ts'
import type { DaySum } from './sum-days.ts'

/** Days of sending that health looks at, today included. */
export const healthDays = 8

export interface TemplateFacts {
  readonly template: Pick<Template, 'templateId' | 'status' | 'keyMetric' | 'copyLimitBytes'>
  /** One for each source that is connected to the template. */
  readonly integrations: readonly Integration[]
  readonly verification: Told | undefined
  /** Of the last `healthDays`. */
  readonly days: readonly DaySum[]
}

/** What was seen of calls within an hour; a lower bound. */
export interface Sighting {
  /** `signature.valid`, `signature.unsigned`, `signature.mismatch` …, `copy.slow`, `source.campaign:23` …. */
  readonly what: string
  /** When it was noted last. */
  readonly atMs: number
  readonly count: number
}

const sourcePrefix = 'source.'

/** What a sighting says that an event came from. */
export function nameSource(source: SourceRef): string {
  return `${sourcePrefix}${source}`
}

/** The sources that events came from, the one seen last first. */
export function sourcesSeen(sightings: readonly Sighting[]): SourceRef[] {
  return sightings
    .toSorted((a, b) => b.atMs - a.atMs)
    .flatMap(({ what }) => {
      const source = what.startsWith(sourcePrefix)
        ? sourceRefSchema.safeParse(what.slice(sourcePrefix.length))
        : undefined
      return source?.success ? [source.data] : []
    })
}

/** What Customer.io said when it was last asked; stale when the settings that it was about have changed since. */
export type Told = Verification & { readonly isStale?: boolean }

/** A file of events that was dropped. */
export interface DroppedFile {
  readonly source: string
  readonly droppedAtMs: number
  readonly isFailed: boolean
}

export interface HealthFacts {
  readonly nowMs: number
  readonly webhookSignature: 'none' | 'required'
  /** Since when the signing key in force is stored. */
  readonly signingKeySinceMs: number | undefined
  readonly settings: Told | undefined
  readonly reportingWebhook: Told | undefined
  /** Live API keys of ours with the scope `generate`. */
  readonly generateKeys: number
  readonly templates: readonly TemplateFacts[]
  /** Sources that no template claims, with what was sent from them; of more than a few, those seen last. */
  readonly unmapped: readonly { readonly source: string; readonly days: readonly DaySum[] }[]
  /** Sources that no template claims, beyond those. */
  readonly unmappedLeftOut: number
  /** Of the last seven days. */
  readonly sightings: readonly Sighting[]
  /** The latest, newest first. */
  readonly files: readonly DroppedFile[]
  /** What a changed setting has counted anew, until it is done. */
  readonly restatements: readonly Restatement[]
  /** What last night's recount found; undefined before the first. */
  readonly recounted: Recounted | undefined
  /** Bodies set aside, newest first; as many as one page holds. */
  readonly setAside: readonly { readonly receivedAtMs: number; readonly codes: readonly string[] }[]
}
