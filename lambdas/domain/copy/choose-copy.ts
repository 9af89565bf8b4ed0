// Which copy a person gets, and with which chance it was drawn. The chance is stored with every serve, so that results can
// be weighed whatever the weights were.
import type { StoredAllocation } from '../../../contract/allocation.ts'
import type { CopyId, OrgSlug, PersonKey } from '../../../contract/ids.ts'
import type { Choice } from '../../../contract/stored-event.ts'
import type { Template, Variant } from '../../../contract/template.ts'
import { Fault } from '../api/fault.ts'
import { assignmentHash } from './assignment-hash.ts'
import { type Attrs, isEligible } from './eligibility.ts'

export interface TemplateCopies {
  readonly template: Template
  /** All of them, archived ones too. */
  readonly variants: readonly Variant[]
  /** The weights in force; absent until the first were computed. */
  readonly allocation?: StoredAllocation
}

/** Weights of treatment copies by id; any scale. */
export interface Allocation {
  readonly version: number
  readonly weights: ReadonlyMap<CopyId, number>
  /** Copies that are never drawn, nor served as the fallback: stopped, or given no weight by hand. */
  readonly withheld?: ReadonlySet<CopyId>
}
export type Weights = Allocation | 'uniform'

export interface CopyWish {
  readonly org: OrgSlug
  /** Whom a persistent split places; without one it draws like a random split. */
  readonly person?: PersonKey | undefined
  readonly attrs: Attrs
  /** Asked for by id, whatever the split would give. */
  readonly copyId?: CopyId | undefined
}

export interface ChosenCopy {
  readonly variant: Variant
  readonly choice: Choice
  /** Chance with which this copy was drawn, 0 to 1; 1 when it was not drawn. */
  readonly probability: number
  readonly allocationVersion: number
}

/**
 * Chooses the copy of one template for one person. `random` gives numbers from 0 up to 1.
 * @throws Fault `template.inactive`, `copy.unknown` or `copy.none_eligible`
 */
export function chooseCopy(
  template: Template,
  variants: readonly Variant[],
  wish: CopyWish,
  weights: Weights,
  random: () => number,
): ChosenCopy {
  if (template.status === 'draft' || template.status === 'archived') throw new Fault('template.inactive')
  const { copyId } = wish
  if (copyId !== undefined) return { ...getCopy(variants, copyId, 'copy.unknown'), choice: 'forced' }
  const isWithheld = (variant: CopyId) => weights !== 'uniform' && weights.withheld?.has(variant) === true
  const eligible = variants
    .filter((variant) => isEligible(variant, wish.attrs) && !isWithheld(variant.copyId))
    .sort(byCopyId)
  const treatments = eligible.filter(({ arm }) => arm === 'treatment')
  const controls = template.splitMode === 'external' ? [] : eligible.filter(({ arm }) => arm === 'control')
  const shareOfControl = controlShare(template, controls.length, treatments.length)
  if (shareOfControl === undefined) {
    const { fallbackCopyId } = template
    if (fallbackCopyId !== undefined && isWithheld(fallbackCopyId)) throw new Fault('copy.none_eligible')
    return { ...getCopy(variants, fallbackCopyId, 'copy.none_eligible'), choice: 'fallback' }
  }
  const draw = drawFor(template, wish, random)
  return draw.arm() < shareOfControl
    ? pick(controls, 'uniform', shareOfControl, draw.copy())
    : pick(treatments, weights, 1 - shareOfControl, draw.copy())
}

/** Chance of the control arm: all of it or nothing when the other arm has no copy that fits; undefined when neither has. */
function controlShare(template: Template, controls: number, treatments: number): number | undefined {
  if (controls === 0) return treatments === 0 ? undefined : 0
  return treatments === 0 ? 1 : template.controlShare
}

/** The arm is drawn apart from the copy, so that a copy more or less never moves a person to the other arm. */
function drawFor({ templateId, splitMode }: Template, { org, person }: CopyWish, random: () => number) {
  if (splitMode !== 'persistent' || person === undefined) return { arm: random, copy: random }
  const seed = `${org}:${templateId}`
  return {
    arm: () => assignmentHash(`${seed}:arm:`, person),
    copy: () => assignmentHash(`${seed}:copy:`, person),
  }
}

/** Draws one of `pool`, which has the chance `share` as a whole. `place` is where the draw fell, 0 up to 1. */
function pick(pool: readonly Variant[], weights: Weights, share: number, place: number): ChosenCopy {
  const { version, chances } = chancesOf(pool, weights)
  let passed = 0
  let last: ChosenCopy | undefined
  for (const [variant, chance] of chances) {
    if (chance <= 0) continue
    last = { variant, choice: 'drawn', probability: share * chance, allocationVersion: version }
    passed += chance
    if (place < passed) return last
  }
  // Rounding may leave the chances a hair below 1.
  if (last === undefined) throw new Fault('copy.none_eligible')
  return last
}

/** Chances within a pool, together 1. Weights that know none of the pool leave it uniform. */
function chancesOf(pool: readonly Variant[], weights: Weights) {
  const given = weights === 'uniform' ? [] : pool.map(({ copyId }) => Math.max(0, weights.weights.get(copyId) ?? 0))
  const sum = given.reduce((total, weight) => total + weight, 0)
  if (weights === 'uniform' || !(sum > 0 && Number.isFinite(sum))) {
    return { version: 0, chances: pool.map((variant) => [variant, 1 / pool.length] as const) }
  }
  return { version: weights.version, chances: pool.map((variant, at) => [variant, (given[at] ?? 0) / sum] as const) }
}

function getCopy(
  variants: readonly Variant[],
  copyId: CopyId | undefined,
  otherwise: 'copy.unknown' | 'copy.none_eligible',
) {
  const variant = variants.find((one) => one.copyId === copyId && one.status !== 'archived')
  if (variant === undefined) throw new Fault(otherwise)
  return { variant, probability: 1, allocationVersion: 0 }
}

function byCopyId(a: Variant, b: Variant): number {
  return a.copyId < b.copyId ? -1 : 1
}
