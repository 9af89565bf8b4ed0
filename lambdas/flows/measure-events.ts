// Measures everything that is stored of an org, as if all of it arrived now: what the stream gave up on is counted, and of the
// rest nothing is left to change. May be broken off and begun again at any time.
import type { OrgSlug } from '../../contract/ids.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import type { Measured } from './measure-subjects.ts'

export interface MeasureEventsDeps {
  readonly org: OrgSlug
  /** Every partition of an org's events; one may come more than once. */
  readonly scanSubjects: (org: OrgSlug) => AsyncIterable<SubjectRef>
  readonly measure: (org: OrgSlug, subjects: readonly SubjectRef[]) => Promise<Measured>
}

export interface MeasuredEvents {
  readonly subjects: number
  readonly failed: number
  /** Names of the errors that stood in the way, each once. */
  readonly causes: readonly string[]
}

/** As many as a batch of the stream brings. */
const subjectsPerPage = 100

/** Walks all events, a page of subjects at a time; what could not be measured is counted and left. */
export async function measureEvents({ org, scanSubjects, measure }: MeasureEventsDeps): Promise<MeasuredEvents> {
  const page = new Map<string, SubjectRef>()
  let [subjects, failed] = [0, 0]
  const causes = new Set<string>()
  const measurePage = async () => {
    const measured = await measure(org, [...page.values()])
    subjects += page.size
    failed += measured.failed.length
    for (const { cause } of measured.failed) causes.add(cause instanceof Error ? cause.name : typeof cause)
    page.clear()
  }
  for await (const subject of scanSubjects(org)) {
    page.set(`${subject.kind}#${subject.id}`, subject)
    if (page.size === subjectsPerPage) await measurePage()
  }
  if (page.size > 0) await measurePage()
  return { subjects, failed, causes: [...causes] }
}
