// The stages, one typed value each: the only place where they differ.
import type { Route } from '../contract/routes.ts'

export const stageNames = ['dev', 'staging', 'prod'] as const
export type StageName = (typeof stageNames)[number]

/** Requests per second that a route lets through for good, and at once. Beyond it API Gateway answers 429. */
export interface Throttle {
  readonly rate: number
  readonly burst: number
}

export interface Stage {
  readonly name: StageName
  /** What happens to tables and the bucket when the stack is deleted. */
  readonly retention: 'keep' | 'destroy'
  readonly deletionProtection: boolean
  readonly logDays: 7 | 30 | 90
  readonly throttles: Readonly<Record<Route['throttle'], Throttle>>
}

/**
 * A 429 costs Customer.io's webhook an hour, so its limit lies far above any blast: the account's own limit (10,000 a
 * second unless raised) is met first.
 */
const throttles: Stage['throttles'] = {
  webhook: { rate: 50_000, burst: 20_000 },
  generate: { rate: 5_000, burst: 5_000 },
  console: { rate: 100, burst: 200 },
}

export const stages: Readonly<Record<StageName, Stage>> = {
  dev: { name: 'dev', retention: 'destroy', deletionProtection: false, logDays: 7, throttles },
  staging: { name: 'staging', retention: 'destroy', deletionProtection: false, logDays: 30, throttles },
  prod: { name: 'prod', retention: 'keep', deletionProtection: true, logDays: 90, throttles },
}

/** @throws one sentence with what was seen and what is allowed */
export function readStage(name: unknown): Stage {
  const known = stageNames.find((stage) => stage === name)
  if (known === undefined)
    throw new Error(`Unknown stage ${JSON.stringify(name)}: use -c stage=${stageNames.join('|')}`)
  return stages[known]
}
