// What planning reads and writes, given to it as functions.
import type { OrgSlug, PersonKey } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import type { EventFact } from '../../contract/outcome.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import type { GuardedPlan } from '../domain/measuring/merge-plans.ts'
import type { Place, SubjectEvents } from '../domain/measuring/place-outcomes.ts'
import type { Stored } from '../domain/measuring/plan-measurement.ts'

/** What planning reads. Every read is strongly consistent. */
export interface PlanDeps {
  readonly readSubject: (org: OrgSlug, subject: SubjectRef) => Promise<SubjectEvents>
  /** Deletes the events of a subject that names a person who was erased. */
  readonly forgetSubject: (org: OrgSlug, subject: SubjectRef) => Promise<unknown>
  /** The custom events of a person that are kept under the person. */
  readonly readCustomEvents: (org: OrgSlug, person: PersonKey) => Promise<EventFact[]>
  readonly findIntegrations: (org: OrgSlug, sources: readonly string[]) => Promise<Map<string, Integration>>
  readonly outcomes: {
    readonly readRevisions: (org: OrgSlug, persons: readonly PersonKey[]) => Promise<Map<PersonKey, string | undefined>>
    /** Outcomes of a person, the earliest first: every one, or no more than `most`. */
    readonly readPerson: (org: OrgSlug, person: PersonKey, most?: number) => Promise<Stored[]>
    readonly readAt: (org: OrgSlug, places: readonly Place[]) => Promise<Stored[]>
    /** From now on nobody looks at the person's outcomes among one another; unless the revision is another by now. */
    readonly markCrowd: (org: OrgSlug, person: PersonKey, over: string | undefined) => Promise<void>
    readonly commit: (org: OrgSlug, plan: GuardedPlan, shard: number) => Promise<'committed' | 'raced'>
  }
}

/** DynamoDB takes 100 actions in a transaction. */
export const maxActions = 100
