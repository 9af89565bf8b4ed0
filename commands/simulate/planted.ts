// What is planted: the rates of control, which lifts raise, and the chances of all that goes otherwise than planned. Every draw
// has a name, so that it is the same for one seed whatever runs first.
import { createHash } from 'node:crypto'

/** Chances per send. A lift multiplies the last three. */
export const controlRates = { human_opened: 0.35, human_clicked: 0.12, converted: 0.08, purchase: 0.1 } as const
export type PlantedMetric = keyof typeof controlRates
export const plantedMetrics = ['human_opened', 'human_clicked', 'converted', 'purchase'] as const
const lifted: ReadonlySet<string> = new Set(['human_clicked', 'converted', 'purchase'])

export function plantedRate(metric: PlantedMetric, lift: number): number {
  return Math.min(1, controlRates[metric] * (lifted.has(metric) ? 1 + lift : 1))
}

/** Of sends. */
export const deliveredShare = 0.97
export const chances = {
  /** Never sent: Customer.io suppressed the message. */
  dropped: 0.01,
  /** `sent` is lost, and `delivered` must stand in for it. */
  sentLost: 0.02,
  machineOpen: 0.15,
  machineClick: 0.04,
  secondClick: 0.3,
  /** A person's open that Customer.io inferred from their click. */
  syntheticOpen: 0.2,
  unsubscribed: 0.004,
  spammed: 0.001,
  secondPurchase: 0.2,
  /** Of persons: how their events are told. */
  callRetried: 0.05,
  reordered: 0.3,
  late: 0.1,
  duplicated: 0.05,
  deprecatedId: 0.1,
  bareEngagement: 0.1,
  /** Their purchases come in the file of the day, not one by one. */
  byFile: 0.4,
} as const

export type Draw = (name: string) => number

/** Draws of one person, 0 up to 1, by name. */
export function drawsOf(seed: number, person: number): Draw {
  return (name) => createHash('sha256').update(`${seed}#${person}#${name}`).digest().readUInt32BE() / 2 ** 32
}
