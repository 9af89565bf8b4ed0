// The stages, one typed value each: the only place where they differ. What holds for all of them is named once above.
import type { FunctionName } from '../contract/function-name.ts'
import type { Route } from '../contract/route.ts'

export const stageNames = ['dev', 'staging', 'prod'] as const
export type StageName = (typeof stageNames)[number]

/** What a route lets through: so many requests a second for good, so many at once. Beyond it API Gateway answers 429. */
export interface Throttle {
  readonly rate: number
  readonly burst: number
}

export interface Stage {
  readonly name: StageName
  /** What happens to tables and buckets when the stack is deleted, or no longer names them. */
  readonly retention: 'keep' | 'destroy'
  readonly deletionProtection: boolean
  readonly logDays: 7 | 30 | 90
  readonly throttles: Readonly<Record<Route['throttle'], Throttle>>
  /** Where the console runs besides its own domain, as people who develop it do. Without a slash at the end. */
  readonly consoleUrls: readonly string[]
  readonly memoryMb: Readonly<Record<FunctionName, number>>
  /** Invocations at once that a function has for itself and cannot exceed; absent: it shares what the account has left. */
  readonly reservedConcurrency: Readonly<Partial<Record<FunctionName, number>>>
}

/** Customer.io's App API by region: the same for every stage. Defaults of template parameters, see decision 50. */
export const customerioApi = { us: 'https://api.customer.io', eu: 'https://api-eu.customer.io' } as const

/**
 * A 429 costs Customer.io's webhook an hour, so its route has all that an account gets: 10,000 a second and 5,000 at once
 * (API Gateway's quota; a route cannot exceed it). Raise both here when the account's quota is raised. The others stay
 * below, so that they cannot use it up.
 */
const throttles: Stage['throttles'] = {
  webhook: { rate: 10_000, burst: 5_000 },
  generate: { rate: 5_000, burst: 2_500 },
  console: { rate: 100, burst: 200 },
}

/**
 * Lambda gives CPU by memory, a whole one at 1,769 MB, and a cold start is mostly CPU: 1,024 for those that load the SDK.
 * Weights are pure computing: a whole CPU.
 */
const memoryMb: Stage['memoryMb'] = {
  GenerateCopy: 1_024,
  ReceiveCioWebhook: 1_024,
  ReceiveCustomEvents: 1_024,
  MeasureOutcomes: 1_024,
  RemeasureOutcomes: 1_024,
  // Every event that is read is parsed, and the cells of an org are held at once.
  RecountResults: 1_769,
  UpdateAllocations: 1_769,
  ReadResults: 1_024,
  Manage: 1_024,
  CheckSetup: 1_024,
  ErasePerson: 1_024,
  // A whole CPU each: they look at every byte. What they hold at once is told by docs/files.md.
  PlanCustomEvents: 1_769,
  LoadCustomEvents: 1_769,
  ReconcileFiles: 1_024,
  ServeImports: 1_024,
  // A slice of 5,000 outcomes with their events, and four files of it.
  ExportDays: 1_769,
  ServeExports: 1_024,
  WatchCustomerio: 1_024,
  // Judges every template, as the results route does.
  EvaluateAlerts: 1_769,
  DeliverAlerts: 512,
  ServeAlerts: 1_024,
  DescribeApi: 512,
}

/**
 * Reserved concurrency is a share that others cannot take and a cap at once. So it is set for what works behind a queue, a
 * stream or a schedule and may wait, and never for what answers callers: whatever happens to files or measuring, 600 of an
 * account's 1,000 are left for answers. Only where an account has 1,000 (Lambda's quota; a new one may have 10).
 */
const reservedConcurrency: Stage['reservedConcurrency'] = {
  MeasureOutcomes: 350,
  LoadCustomEvents: 20,
  PlanCustomEvents: 5,
  RemeasureOutcomes: 4,
  // Two by queue and one by schedule.
  ExportDays: 3,
  DeliverAlerts: 5,
  WatchCustomerio: 1,
  EvaluateAlerts: 1,
  RecountResults: 1,
  ReconcileFiles: 1,
  UpdateAllocations: 1,
}

const everywhere = { throttles, memoryMb } as const
const passing = { retention: 'destroy', deletionProtection: false, reservedConcurrency: {} } as const

export const stages: Readonly<Record<StageName, Stage>> = {
  dev: { name: 'dev', ...passing, logDays: 7, consoleUrls: ['http://localhost:5173'], ...everywhere },
  staging: { name: 'staging', ...passing, logDays: 30, consoleUrls: [], ...everywhere },
  prod: {
    name: 'prod',
    retention: 'keep',
    deletionProtection: true,
    logDays: 90,
    consoleUrls: [],
    ...everywhere,
    reservedConcurrency,
  },
}

/** @throws one sentence with what was seen and what is allowed */
export function readStage(name: unknown): Stage {
  const known = stageNames.find((stage) => stage === name)
  if (known !== undefined) return stages[known]
  throw new Error(`Unknown stage ${JSON.stringify(name)}: use -c stage=${stageNames.join('|')}`)
}
