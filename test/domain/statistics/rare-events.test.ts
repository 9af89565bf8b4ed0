// Evidence that an event is more frequent in one arm: against the product written out, and what it must not depend on.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EventStratum, logEvidenceOfMore } from '../../../lambdas/domain/statistics/rare-events.ts'

const stratum = (nC: number, c: number, nT: number, t: number): EventStratum => ({
  control: { sends: nC, events: c },
  treatment: { sends: nT, events: t },
})

/** The mean of the likelihood ratios, event by event. */
function byEvent(strata: readonly EventStratum[]): number {
  const ratios = [1.1, 1.25, 1.5, 2, 3, 5, 10, 30]
  let sum = 0
  for (const ratio of ratios) {
    let product = 1
    for (const { control, treatment } of strata) {
      const share = treatment.sends / (treatment.sends + control.sends)
      const raised = (ratio * share) / (ratio * share + 1 - share)
      for (let event = 0; event < treatment.events; event++) product *= raised / share
      for (let event = 0; event < control.events; event++) product *= (1 - raised) / (1 - share)
    }
    sum += product
  }
  return sum / ratios.length
}

describe('the evidence that an event is more frequent', () => {
  it('is the mean of the likelihood ratios, event by event and over strata', () => {
    const cases = [
      [stratum(200, 0, 2_000, 8)],
      [stratum(500, 2, 500, 9), stratum(100, 1, 900, 30)],
      [stratum(1_000, 9, 1_000, 3)],
    ]
    for (const strata of cases) expect(logEvidenceOfMore(strata)).toBeCloseTo(Math.log(byEvent(strata)), 10)
  })

  it('is none without events, and without an arm to compare with', () => {
    expect(logEvidenceOfMore([])).toBe(0)
    expect(logEvidenceOfMore([stratum(200, 0, 2_000, 0)])).toBe(0)
    expect(logEvidenceOfMore([stratum(0, 0, 2_000, 90), stratum(2_000, 5, 0, 0)])).toBe(0)
    expect(logEvidenceOfMore([stratum(0, 0, 0, 0)])).toBe(0)
  })

  it('is no evidence where a small control had none yet, and much where it had as many sends', () => {
    expect(logEvidenceOfMore([stratum(200, 0, 2_000, 8)])).toBeLessThan(Math.log(2))
    expect(logEvidenceOfMore([stratum(2_000, 0, 2_000, 16)])).toBeGreaterThan(Math.log(1_000))
  })

  it('is on average at most 1 when both arms are alike, whatever the split', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 99 }), (events, percent) => {
        let mean = 0
        let chance = (1 - percent / 100) ** events
        for (let treated = 0; treated <= events; treated++) {
          mean += chance * Math.exp(logEvidenceOfMore([stratum(100 - percent, events - treated, percent, treated)]))
          chance *= ((events - treated) / (treated + 1)) * (percent / (100 - percent))
        }
        expect(mean).toBeCloseTo(1, 6)
      }),
    )
  })

  it('holds for counts of any size', () => {
    const far = logEvidenceOfMore([stratum(1e9, 1e6, 1e9, 2e6)])
    expect(Number.isFinite(far) && far > 1_000).toBe(true)
    expect(logEvidenceOfMore([stratum(1e9, 2e6, 1e9, 1e6)])).toBeLessThan(-1_000)
  })
})
