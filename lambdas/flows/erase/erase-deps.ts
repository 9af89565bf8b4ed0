// What erasing reads and writes with, and what a step of it is.
import type { AuditEntry } from '../../../contract/audit.ts'
import type { Erasure } from '../../../contract/erasure.ts'
import type { OrgSlug, PersonKey } from '../../../contract/ids.ts'
import type { FileImport } from '../../../contract/import.ts'
import type { SubjectRef } from '../../domain/measuring/group-subjects.ts'
import type { SubjectEvents } from '../../domain/measuring/place-outcomes.ts'
import type { Stored } from '../../domain/measuring/plan-measurement.ts'
import type { Files } from '../file-deps.ts'

export type Subject = Pick<SubjectRef, 'kind' | 'id'>

export interface EraseDeps {
  readonly erasures: {
    find(org: OrgSlug, person: PersonKey): Promise<Erasure | undefined>
    save(org: OrgSlug, person: PersonKey, erasure: Erasure): Promise<'stored' | 'changed'>
    remove(org: OrgSlug, person: PersonKey): Promise<void>
  }
  readonly readPerson: (org: OrgSlug, person: PersonKey, most: number) => Promise<readonly Stored[]>
  readonly readEvents: (org: OrgSlug, subject: Subject) => Promise<SubjectEvents>
  readonly markErased: (org: OrgSlug, person: PersonKey) => Promise<void>
  readonly anonymiseOutcomes: (org: OrgSlug, stored: readonly Stored[]) => Promise<'done' | 'raced'>
  readonly forgetSubject: (org: OrgSlug, subject: Subject) => Promise<number>
  readonly quarantine: {
    find(org: OrgSlug, digest: string): Promise<{ readonly bytes: Uint8Array } | undefined>
    list(
      org: OrgSlug,
      limit: number,
      next?: string,
    ): Promise<{ readonly bodies: readonly { readonly digest: string }[]; readonly next?: string }>
    remove(org: OrgSlug, digest: string): Promise<void>
  }
  readonly imports: {
    find(org: OrgSlug, importId: string): Promise<FileImport | undefined>
    list(
      org: OrgSlug,
      limit: number,
      next?: string,
    ): Promise<{ readonly imports: readonly FileImport[]; readonly next?: string }>
  }
  readonly files: Pick<Files, 'list' | 'read' | 'put' | 'remove'>
  readonly addAudit: (org: OrgSlug, entry: AuditEntry) => Promise<void>
  readonly newId: () => string
  readonly now: () => number
}

export interface Step {
  readonly org: OrgSlug
  readonly erasure: Erasure
  /** Begins nothing new after that. */
  readonly untilMs: number
  /** Keeps what was found; answers it as it stands then. @throws ErasedElsewhere */
  readonly save: (erasure: Erasure) => Promise<Erasure>
}

/** How a step ended: with the erasing as it is then, not saved yet. */
export interface Stepped {
  readonly erasure: Erasure
  /** What it waits for, when another call soon would find the same. */
  readonly waitsFor?: string
}

/** Another call erases the same person at the same time. */
export class ErasedElsewhere extends Error {}

/** Steps of one stage that run at once. */
export const eraseLanes = 8

export function advance(erasure: Erasure, stage: Erasure['stage'], erased: Partial<Erasure['erased']> = {}): Erasure {
  const { next: _next, ...kept } = count(erasure, erased)
  return { ...kept, stage }
}

/** Adds what was removed. */
export function count(erasure: Erasure, removed: Partial<Erasure['erased']>): Erasure {
  const erased = { ...erasure.erased }
  for (const name of ['outcomes', 'events', 'set_aside', 'rejected_rows', 'files'] as const) {
    erased[name] += removed[name] ?? 0
  }
  return { ...erasure, erased }
}
