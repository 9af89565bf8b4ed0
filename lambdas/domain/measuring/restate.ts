// When a change of settings asks for a restatement, and how a restatement goes on. Pure.
import { isDeepStrictEqual } from 'node:util'
import type { Integration } from '../../../contract/integration.ts'
import type { Org } from '../../../contract/org.ts'
import { type Restated, type Restatement, secondPassAfterMs } from '../../../contract/restatement.ts'
import type { ResultsAnswer } from '../../../contract/results.ts'
import type { Template } from '../../../contract/template.ts'

/**
 * The name of a restatement within its org: one for each thing that can be restated, the latest request counts. A source that
 * leaves one template and joins another is two of them: what stands under the first must be found as well.
 */
export function restatementId(what: Restated): string {
  return what.kind === 'source' ? `${what.source}#${what.templateId}` : 'metrics'
}

export function newRestatement(what: Restated, requestedAtMs: number, revision: string): Restatement {
  return { what, requestedAtMs, pass: 1, deliveries: 0, revision }
}

/** What a change of the org has counted anew: everything, when custom events may count otherwise after it. */
export function restatedByOrg(before: Org | undefined, after: Org): Restated[] {
  if (before === undefined) return []
  const parts = ({ currency, metricDefaults, metrics }: Org) => ({ currency, metricDefaults, metrics })
  return isDeepStrictEqual(parts(before), parts(after)) ? [] : [{ kind: 'metrics' }]
}

/** What a change of a template has counted anew: the sends of every source that is put or removed. */
export function restatedByTemplate({ after, putSources = [], removeSources = [] }: ChangedSources): Restated[] {
  return [...putSources, ...removeSources].map(({ source }) => ({
    kind: 'source',
    source,
    templateId: after.templateId,
  }))
}

interface ChangedSources {
  readonly after: Pick<Template, 'templateId'>
  readonly putSources?: readonly Integration[]
  readonly removeSources?: readonly Integration[]
}

/** What of a template is being counted anew: since the earliest request; null when nothing is. */
export function restatingOf(templateId: string, pending: readonly Restatement[]): ResultsAnswer['restating'] {
  const own = pending.filter(({ what }) => what.kind === 'metrics' || what.templateId === templateId)
  const [first] = own.toSorted((a, b) => a.requestedAtMs - b.requestedAtMs)
  if (first === undefined) return null
  const reason = first.what.kind === 'source' ? 'mapping' : 'metrics'
  const aside = new Set(own.flatMap(({ aside = [] }) => aside)).size
  return { since: new Date(first.requestedAtMs).toISOString(), reason, aside }
}

/** Milliseconds until a restatement may go on: its second pass must not begin too soon after the change. */
export function waitBefore({ pass, requestedAtMs }: Restatement, nowMs: number): number {
  return pass === 1 ? 0 : Math.max(0, requestedAtMs + secondPassAfterMs - nowMs)
}
