// Every metric of the service, once: functions write them, alarms and the dashboard read them. Each combination of name and
// dimensions costs money by the month, so there are few, most of them one series per stage.
export const metricNamespace = 'JustAI'

/** CloudWatch's own words for units. A count of things at one moment is a `Count` too. */
export type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds' | 'Percent'

/** What tells the series of one metric apart: the stage; the function; an org of the stage, for the largest orgs only. */
export type MetricScope = 'stage' | 'function' | 'org'

export interface MetricDefinition {
  readonly unit: MetricUnit
  readonly scope: MetricScope
}

const perStage = { unit: 'Count', scope: 'stage' } as const
const perFunction = { unit: 'Count', scope: 'function' } as const

export const metrics = {
  /** Answers by status, of every function that the API calls. */
  Answers2xx: perFunction,
  Answers401: perFunction,
  Answers4xx: perFunction,
  Answers5xx: perFunction,
  /** From when API Gateway took the request to the answer: a cold start is in it. */
  Latency: { unit: 'Milliseconds', scope: 'function' },
  /** Resident memory of the process after an invocation, of what the function has. */
  MemoryUsed: { unit: 'Percent', scope: 'stage' },

  /** What became of reporting events and custom events when they came. */
  Accepted: perStage,
  Duplicate: perStage,
  Conflict: perStage,
  Quarantined: perStage,
  /** Custom events that were no events. */
  Rejected: perStage,
  /** Calls of the webhook that were signed, of an org that we know, and refused for their signature. */
  SignaturesRefused: perStage,
  /** Orgs to which that happened in three hours or more, of the last twelve or since a good signature came. */
  OrgsRefused: perStage,
  /** Secrets of orgs that could not be read. */
  SecretFailures: perStage,

  /** Age of the oldest record of a batch when it had been measured. */
  MeasureLag: { unit: 'Milliseconds', scope: 'stage' },
  /** Attempts to commit that somebody else was faster than. */
  RacesLost: perStage,
  /** Deliveries with engagement and no send: more of them, or fewer, once the send arrives. */
  Unmatched: perStage,

  FilesComplete: perStage,
  FilesWithErrors: perStage,
  FilesFailed: perStage,
  RowsRejected: perStage,
  /** How long the file that has waited longest has been in the bucket without an end; 0 when none waits. */
  OldestFileAge: { unit: 'Seconds', scope: 'stage' },

  /** Days whose exported files are not what the results say, and are not told of. */
  ExportsRefused: perStage,

  /** Of the weights that could not be computed when they were last due, the oldest; 0 when all could. */
  AllocationAge: { unit: 'Seconds', scope: 'stage' },

  /** Orgs whose state could not be looked at for what they should be told. */
  OrgsUnjudged: perStage,

  /** Of the last recount of every org: cells that differ from their outcomes, and events that should be counted and are not. */
  RecountDrift: perStage,
  Unaccounted: perStage,
  /** How long ago the org was recounted that waits longest. */
  RecountAge: { unit: 'Seconds', scope: 'stage' },
  /** Reporting events of the latest month, of the ten largest orgs. */
  OrgAccepted: { unit: 'Count', scope: 'org' },
} as const satisfies Readonly<Record<string, MetricDefinition>>

export type MetricName = keyof typeof metrics
/** Whole numbers, or shares of a hundred; 0 says something else than nothing. */
export type MetricValues = Readonly<Partial<Record<MetricName, number>>>

/** The dimensions of each scope, as alarms name them. `FunctionName` is what AWS's own metrics of a function are told apart by. */
export const metricDimensions = {
  stage: ['Stage'],
  function: ['FunctionName'],
  org: ['Stage', 'Org'],
} as const satisfies Readonly<Record<MetricScope, readonly string[]>>
