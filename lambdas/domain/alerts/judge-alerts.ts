// Which alerts an org's state makes. Pure: the same state makes the same alerts under the same ids, so that each is sent once
// while its cause stands, and again when it comes back.
import { createHash } from 'node:crypto'
import type { Alert, AlertKind, AlertSettings } from '../../../contract/alert.ts'
import type { Judgement } from '../../../contract/comparison.ts'
import type { Verification } from '../../../contract/verification.ts'

export interface AlertFacts {
  readonly nowMs: number
  readonly settings: AlertSettings
  readonly templates: readonly TemplateState[]
  /** The latest day (UTC) of the last month with sends or serves; absent: none. */
  readonly lastDay?: string | undefined
  /** Whether anything was sent or served within the hours that the org set, and the grace. */
  readonly isFresh: boolean
  /** When the latest file was dropped. */
  readonly newestFileAtMs?: number | undefined
  readonly reportingWebhook?: Verification | undefined
}

export interface TemplateState {
  readonly templateId: string
  readonly judgement: Pick<Judgement, 'sample_ratio' | 'decision' | 'stopped'>
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export function judgeAlerts(facts: AlertFacts): Alert[] {
  return [
    ...judgeSilence(facts),
    ...judgeFiles(facts),
    ...judgeWebhook(facts),
    ...facts.templates.flatMap(judgeTemplate),
  ]
}

/** From when on silence is news: an instant before now. */
export function silentSince({ noData }: AlertSettings, nowMs: number): number | undefined {
  return noData && nowMs - noData.hours * hourMs - noData.graceMinutes * 60_000
}

/** An org that never had data is being set up, and its health says so. */
function judgeSilence({ settings: { noData }, isFresh, lastDay }: AlertFacts): Alert[] {
  if (noData === undefined || isFresh || lastDay === undefined) return []
  const message = `Nothing was sent or served for ${noData.hours} hours; the last data are of ${lastDay}.`
  return [alert('no_data', lastDay, message)]
}

/**
 * Of today once its deadline is past. Of yesterday too when its deadline lay near midnight or beyond, where no look of that day
 * might have met it; but not otherwise, or an org that asks for this alert would be told of a day before it did.
 */
function judgeFiles({ settings: { fileBy }, newestFileAtMs, nowMs }: AlertFacts): Alert[] {
  if (fileBy === undefined) return []
  const todayMs = nowMs - (nowMs % dayMs)
  const dueOf = (startMs: number) => startMs + fileBy.hour * hourMs
  const isLateAt = (startMs: number) => dueOf(startMs) + fileBy.graceMinutes * 60_000
  const days = isLateAt(todayMs - dayMs) < todayMs - hourMs ? [todayMs] : [todayMs, todayMs - dayMs]
  const startMs = days.find((each) => nowMs >= isLateAt(each))
  if (startMs === undefined || (newestFileAtMs ?? 0) >= startMs) return []
  const day = new Date(startMs).toISOString().slice(0, 10)
  const by = new Date(dueOf(startMs)).toISOString().slice(11, 16)
  return [alert('file_late', day, `No file was dropped on ${day} by ${by} UTC.`)]
}

function judgeWebhook({ reportingWebhook }: AlertFacts): Alert[] {
  const broken = (reportingWebhook?.findings ?? []).filter(({ state }) => state === 'broken')
  if (broken.length === 0) return []
  const cause = broken.map(({ id }) => id).toSorted()
  return [alert('webhook_drift', cause.join(' '), broken.map(({ seen }) => seen).join(' '))]
}

function judgeTemplate({ templateId, judgement: { sample_ratio, decision, stopped } }: TemplateState): Alert[] {
  const broken = sample_ratio.filter((check) => check.broken)
  const [first] = broken
  const split = first && [
    alert(
      'sample_ratio',
      templateId,
      `The split of ${templateId} is broken at ${first.stage}: its lifts cannot be trusted.`,
      {
        templateId,
      },
    ),
  ]
  const { copy_id: copyId } = decision
  const ready =
    decision.decision === 'ready_to_ship' && copyId !== null
      ? [
          alert('ready_to_ship', `${templateId} ${copyId}`, `Copy ${copyId} of ${templateId} is ready to ship.`, {
            templateId,
            copyId,
          }),
        ]
      : []
  const stops = stopped.map(({ copy_id, guardrail, message }) =>
    alert('guardrail', `${templateId} ${copy_id} ${guardrail}`, message, { templateId, copyId: copy_id }),
  )
  return [...(split ?? []), ...ready, ...stops]
}

function alert(kind: AlertKind, cause: string, message: string, about: Partial<Alert> = {}): Alert {
  const id = `${kind}-${createHash('sha256').update(`${kind} ${cause}`).digest('base64url').slice(0, 16)}`
  return { id, kind, ...about, message }
}

/** Alerts to be sent, and those whose cause is gone. */
export function compareAlerts(wanted: readonly Alert[], firing: readonly { readonly id: string }[]) {
  const [stand, sent] = [new Set(wanted.map(({ id }) => id)), new Set(firing.map(({ id }) => id))]
  return {
    fresh: wanted.filter(({ id }) => !sent.has(id)),
    gone: firing.filter(({ id }) => !stand.has(id)).map(({ id }) => id),
  }
}
