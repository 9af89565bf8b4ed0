// How long each class of data is kept: the one place that says it. What has days expires by itself, by DynamoDB's TTL or by
// the bucket's lifecycle; what is `kept` stays until the person is erased or the org is deleted.
import { fileDays, keptExportDays, oldVersionDays } from './limits.ts'

export interface Retention {
  readonly keeps: 'kept' | { readonly days: number }
  /** By what it goes. */
  readonly by: 'nothing' | 'table' | 'bucket'
  readonly why: string
}

export const retention = {
  events: {
    keeps: 'kept',
    by: 'nothing',
    why: 'Outcomes are a function of all events: one that expired would be taken from the counts as soon as its send is measured again.',
  },
  outcomes: { keeps: 'kept', by: 'nothing', why: 'A recount folds all of them.' },
  results: { keeps: 'kept', by: 'nothing', why: 'Sums, in which nobody is.' },
  settings: { keeps: 'kept', by: 'nothing', why: 'Few, and results of old days need the copies and weights of then.' },
  audit: { keeps: 'kept', by: 'nothing', why: 'Who changed what must outlive whoever did.' },
  quarantine: {
    keeps: { days: 90 },
    by: 'table',
    why: 'Raw bodies name people. Longer than a quarter nobody looks whether they can be read by now.',
  },
  sightings: { keeps: { days: 7 }, by: 'table', why: 'As long as Customer.io tries again.' },
  imports: {
    keeps: { days: 400 },
    by: 'table',
    why: 'A file may be asked about until the same day next year is over.',
  },
  exports: { keeps: { days: keptExportDays }, by: 'table', why: 'The list of exported days, as long as their files.' },
  files: { keeps: { days: fileDays }, by: 'bucket', why: 'A dropped file names people, and its events are stored.' },
  replacedFiles: { keeps: { days: oldVersionDays }, by: 'bucket', why: 'Against a file overwritten by mistake.' },
} as const satisfies Readonly<Record<string, Retention>>

/** Classes whose items carry the time of their end. */
export type ExpiringClass = 'quarantine' | 'sightings' | 'imports' | 'exports'

/** The value of the attribute by which DynamoDB ends an item of a class: epoch seconds. */
export function expiresAt(of: ExpiringClass, fromMs: number): number {
  return Math.floor(fromMs / 1_000) + retention[of].keeps.days * 86_400
}
