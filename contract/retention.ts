// How long each class of data is kept: the one place that says it. What has days expires by itself, by DynamoDB's TTL, by the
// bucket's lifecycle or by the queue's; what is `kept` stays until the person is erased or the org is deleted; what is `until done`
// is deleted by the code that is done with it. contract/stored-shapes.ts says of which class each item is, and tests hold that
// every item and every prefix of the bucket has one. docs/retention.md says the same for people.
import {
  fileDays,
  importDays,
  keptDeliveryDays,
  keptExportDays,
  oldVersionDays,
  quarantineDays,
  reportDays,
  sightingDays,
  workDays,
} from './limits.ts'

export interface Retention {
  readonly keeps: 'kept' | 'until done' | 'by stage' | { readonly days: number }
  /** By what it goes. */
  readonly by: 'nothing' | 'code' | 'table' | 'bucket' | 'queue' | 'logs'
  /** Of the bucket's classes: what their keys begin with. */
  readonly prefix?: string
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
  secrets: { keeps: 'kept', by: 'nothing', why: 'One for each org and each address of alerts, which goes with it.' },
  audit: { keeps: 'kept', by: 'nothing', why: 'Who changed what must outlive whoever did.' },
  marks: {
    keeps: 'kept',
    by: 'nothing',
    why: 'Revisions of persons and days with an erasure, by hash or date: a late webhook must not bring anybody back.',
  },
  findings: {
    keeps: 'kept',
    by: 'nothing',
    why: 'The latest word of Customer.io and of the recount, and how far that is: one item each that the next takes the place of.',
  },
  underWay: {
    keeps: 'until done',
    by: 'code',
    why: 'Restatements, erasings, standing alerts: deleted by whoever brings them to their end.',
  },
  quarantine: {
    keeps: { days: quarantineDays },
    by: 'table',
    why: 'Raw bodies name people. Longer than a quarter nobody looks whether they can be read by now.',
  },
  sightings: { keeps: { days: sightingDays }, by: 'table', why: 'As long as Customer.io tries again.' },
  imports: {
    keeps: { days: importDays },
    by: 'table',
    why: 'A file may be asked about until the same day next year is over.',
  },
  exports: { keeps: { days: keptExportDays }, by: 'table', why: 'The list of exported days, as long as their files.' },
  deliveries: {
    keeps: { days: keptDeliveryDays },
    by: 'table',
    why: 'What became of an alert is asked about within days; the tries themselves end after two.',
  },
  files: {
    keeps: { days: fileDays },
    by: 'bucket',
    prefix: 'incoming/',
    why: 'A dropped file names people, and its events are stored.',
  },
  reports: {
    keeps: { days: reportDays },
    by: 'bucket',
    prefix: 'reports/',
    why: 'Rejected rows name people, as bodies set aside do; counts of a file stay in the list of imports.',
  },
  work: {
    keeps: { days: workDays },
    by: 'bucket',
    prefix: 'work/',
    why: 'What an import keeps while it runs, and some time for whoever looks into one that failed.',
  },
  exportFiles: {
    keeps: { days: keptExportDays },
    by: 'bucket',
    prefix: 'exports/',
    why: 'Longer than a day may be exported anew: whoever reads once a month still finds the version before.',
  },
  replacedFiles: { keeps: { days: oldVersionDays }, by: 'bucket', why: 'Against a file overwritten by mistake.' },
  messages: {
    keeps: { days: 14 },
    by: 'queue',
    why: 'All that SQS offers: dead letters are to be looked at within it. They name orgs, files and days, and nobody.',
  },
  logs: {
    keeps: 'by stage',
    by: 'logs',
    why: 'Ids and codes only; lib/config.ts says how many days each stage needs.',
  },
} as const satisfies Readonly<Record<string, Retention>>

export type RetentionClass = keyof typeof retention
