// When new weights are a new version, one change at a time.
import { describe, expect, it } from 'vitest'
import type { StoredAllocation } from '../../../contract/allocation.ts'
import { versionAllocation } from '../../../lambdas/domain/allocation/version-allocation.ts'
import { copyIdOf } from '../../support/copy-settings.ts'
import { versionOf } from '../../support/stored-allocation.ts'

const standing = versionOf(7, { a: 0.6, b: 0.4 }, { controlShare: 0.1 })
const stop = { copyId: 'c', guardrail: 'spammed', share: 0.1, controlShare: 0, worseByAtLeast: 0.01 }
const weights = (a: number, b: number) => [
  { copyId: copyIdOf('a'), weight: a },
  { copyId: copyIdOf('b'), weight: b },
]
const follow = (previous: StoredAllocation | undefined, change: Partial<StoredAllocation> = {}) => {
  const { version, ...rest } = { ...standing, ...change }
  return versionAllocation(previous, rest, rest)?.version
}

describe('weights are a new version', () => {
  it('when none was stored, as the first', () => {
    expect(follow(undefined)).toBe(1)
  })

  it('not when nothing changed but the time', () => {
    expect(follow(standing, { computedAtMs: 99, maturedThrough: '2026-12-01' })).toBeUndefined()
  })

  it('when one of them moved by a hundredth, the others or not', () => {
    expect(follow(standing, { weights: weights(0.609, 0.391) })).toBeUndefined()
    expect(follow(standing, { weights: weights(0.611, 0.389) })).toBe(8)
    expect(follow(standing, { weights: weights(0.6, 0.38) })).toBe(8)
  })

  it('when one came, or went', () => {
    expect(follow(versionOf(7, { a: 0.6, b: 0.395, c: 0.005 }, { controlShare: 0.1 }))).toBe(8)
    expect(follow(standing, { weights: [...weights(0.6, 0.4), { copyId: copyIdOf('c'), weight: 0 }] })).toBe(8)
  })

  it('when they rest on something else', () => {
    expect(follow(standing, { algorithm: 'uniform' })).toBe(8)
    expect(follow(standing, { basis: 'too_few_sends' })).toBe(8)
    expect(follow(standing, { metric: 'converted' })).toBe(8)
    expect(follow(standing, { floor: 0.1 })).toBe(8)
    expect(follow(standing, { controlShare: 0.2 })).toBe(8)
  })

  it('when a copy was stopped, let back, or another is instead', () => {
    const { stopped } = versionOf(1, {}, { stopped: [stop] })
    const other = versionOf(1, {}, { stopped: [{ ...stop, copyId: 'd' }] }).stopped
    const held = { ...standing, stopped }
    expect(follow(standing, { stopped })).toBe(8)
    expect(follow(held)).toBe(8)
    expect(follow(held, { stopped })).toBeUndefined()
    expect(follow(held, { stopped: other })).toBe(8)
  })
})
