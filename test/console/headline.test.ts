// The decision as one sentence, how a metric counts, and the scale of the lifts.
import { describe, expect, it } from 'vitest'
import { countingRule } from '../../console/pages/results/counting-rule.ts'
import { headline } from '../../console/pages/results/headline.ts'
import { liftScale } from '../../console/pages/results/lift-scale.ts'
import { keyMetricChoices } from '../../console/pages/results/metrics.ts'
import type { ComparedCopy, Judgement } from '../../contract/comparison.ts'
import { metricRulesWireSchema } from '../../contract/metric-answers.ts'

type Decided = Judgement['decision']['decision']

function copyOf(lower: number, upper: number | null): ComparedCopy {
  const loss = { keeping: 0, switching: 0 }
  const about = { p: 0.01, adjusted_p: 0.02, chance_to_beat_control: 0.99, expected_loss: loss }
  const lift = { value: (lower + (upper ?? 9)) / 2, lower, upper, ...about, control_mean: 0.1, copy_mean: 0.2 }
  const none = { no_lift: null, pooled: null, inverse_propensity: null, effective_sends: 0, parted: [] }
  return { copy_id: 'warm', n: 10, mean: 0.2, lift, ...none }
}

function said(decision: Decided, codes: readonly string[], metric = 'converted'): string {
  const reasons = codes.map((code) => ({ code, copy_id: null, message: code }))
  const copy_id = decision === 'ready_to_ship' ? 'warm' : null
  const comparison = { control: { n: 10, mean: 0.1 }, copies: [copyOf(0.1, 0.3)] }
  return headline({ metric, decision: { decision, copy_id, reasons }, comparison })
}

describe('the decision in one sentence', () => {
  it.each<[Decided, string[], string]>([
    ['ready_to_ship', ['better'], 'Ship warm: +20.0 % “Converted (campaign goal)” over control.'],
    ['stop', ['worse', 'same'], 'Stop: no copy does better than control, and more messages will hardly change that.'],
    ['stop', ['guardrail'], 'Stop: every copy made people leave, and is no longer served.'],
    ['keep_running', ['too_early', 'no_lift'], 'Keep running: it is too early to tell.'],
    ['keep_running', ['too_early', 'undecided'], 'Keep running: no copy is surely better than control yet.'],
    ['cannot_tell', ['no_treatment'], 'Nothing can be said yet: no copy was sent in these days.'],
    ['cannot_tell', ['none_running'], 'Nothing can be said yet: no copy was sent in these days.'],
    ['cannot_tell', ['part_of_days', 'better'], 'Nothing is decided on a part of the days: look at all of them.'],
    [
      'cannot_tell',
      ['control_without'],
      'There is no comparing: control has none of it where it should, so perhaps nobody tells of it.',
    ],
    ['cannot_tell', ['no_control'], 'Control has nothing to compare with yet.'],
    ['cannot_tell', ['sample_ratio'], 'Do not rely on these numbers: people were not split as they were meant to be.'],
    ['cannot_tell', ['better', 'parted'], 'It cannot be told: two ways to read the lift contradict each other.'],
  ])('%s, because %s', (decision, codes, sentence) => expect(said(decision, codes)).toBe(sentence))

  it('never recommends a copy for having more of a harm', () => {
    expect(said('ready_to_ship', ['better'], 'unsubscribed')).not.toMatch(/ship warm/i)
  })
})

describe('the key metrics to choose from', () => {
  const offered = (stands: string) =>
    keyMetricChoices(['purchase'], stands).flatMap(({ items }) => items.map(({ value }) => value))
  it('have no harm among them, but the one that stands', () => {
    expect(offered('clicked')).toEqual(expect.arrayContaining(['clicked', 'converted', 'purchase']))
    expect(offered('clicked')).not.toContain('bounced')
    expect(offered('bounced')).toContain('bounced')
    expect(offered('bounced')).not.toContain('unsubscribed')
  })
})

describe('how a metric counts', () => {
  const rules = metricRulesWireSchema.parse({})
  it('is what its definition says, else the default of the org, else the usual', () => {
    const metrics = [{ ...rules, name: 'signup', window_seconds: 7_200, model: 'every' as const }]
    expect(countingRule('signup', { metrics, metric_defaults: null })).toBe(
      'Counts up to 2 hours after the message was sent, for every message before it, for each template by itself.',
    )
    expect(countingRule('purchase', { metrics, metric_defaults: { ...rules, delay_seconds: 86_400 } })).toMatch(
      /^Counts from 1 day up to 14 days after the message was sent, for the last message before it/,
    )
    expect(countingRule('purchase', { metrics, metric_defaults: null })).toMatch(/^Counts up to 14 days after/)
  })

  it('knows no window for what Customer.io reports', () => {
    expect(countingRule('human_opened', { metrics: [], metric_defaults: null })).toMatch(/^Counts once per message/)
  })
})

describe('the scale of the lifts', () => {
  it.each([
    [[], -0.1, 0.1],
    [[copyOf(-0.02, 0.03)], -0.1, 0.1],
    [[copyOf(-0.4, 0.2), copyOf(-0.1, 0.3)], -0.4, 0.4],
    [[copyOf(-0.5, 1.5)], -1, 1.5],
    [[copyOf(-9, 12)], -1, 2],
    [[copyOf(0.1, null)], -1, 2],
  ])('has zero in it, and ends where the ranges do, within bounds', (copies, lower, upper) =>
    expect(liftScale(copies)).toEqual({ lower, upper }),
  )
})
