// How the calls of an org's webhook are signed, for its health; and what Customer.io itself was refused, as a metric.
import type { OrgSlug } from '../../contract/ids.ts'
import { customerioRefusals } from '../domain/api/customerio-refusals.ts'
import { makeOnceAMinute, type OnceAMinuteProps } from './once-a-minute.ts'
import type { TellMetrics } from './tell-metrics.ts'

/** `what`: `signature.valid`, or why a call was refused. Never throws. */
export type NoteSignature = (org: OrgSlug, what: string, signal: AbortSignal) => Promise<void>

/** Notes at most once a minute, and tells each refusal of a signed call. */
export function makeNoteSignature(props: OnceAMinuteProps, tellMetrics: TellMetrics): NoteSignature {
  const note = makeOnceAMinute(props)
  return async (org, what, signal) => {
    if (what in customerioRefusals) tellMetrics({ SignaturesRefused: 1 }, org)
    await note(org, what, signal)
  }
}
