// Edges of template, arm, copy and joining rule.
import { describe, expect, it } from 'vitest'
import { copyIdSchema, templateIdSchema } from '../../../contract/ids.ts'
import { explainSend } from '../../../lambdas/domain/measuring/explain-send.ts'
import { controlAction, integration, send, served, treatmentAction } from '../../support/placed.ts'

const daySeconds = 86_400
const explain = (...given: Parameters<typeof explainSend>) => explainSend(...given).explanation
const withControl = integration({ controlActionIds: [controlAction] })

describe('the serve that explains a send', () => {
  it('is nothing while no template names the source', () => {
    expect(explain(send(10), undefined, [served(5)])).toEqual({ rule: 'none' })
  })

  it('is the one of the same journey, even when another is later', () => {
    const serves = [served(1, { journeyId: 'j' }), served(5)]
    expect(explain(send(10, { journeyId: 'j' }), integration(), serves)).toMatchObject({
      rule: 'journey',
      copyId: 'a',
      arm: 'treatment',
      stratum: 'v0',
    })
  })

  it('is the latest of its journey at or before the send, else the earliest after', () => {
    const [first, second] = ['x', 'y'].map((id) => copyIdSchema.parse(id))
    const early = served(5, { journeyId: 'j', ...(first && { copyId: first }) })
    const late = served(20, { journeyId: 'j', ...(second && { copyId: second }) })
    expect(explain(send(10, { journeyId: 'j' }), integration(), [late, early]).copyId).toBe('x')
    expect(explain(send(1, { journeyId: 'j' }), integration(), [late, early]).copyId).toBe('x')
    expect(explain(send(30, { journeyId: 'j' }), integration(), [late, early]).copyId).toBe('y')
  })

  it.each([
    [-1, 'none'],
    [0, 'latest'],
    [1, 'latest'],
  ])('may be %i s before the send at the near edge: %s', (secondsBefore, rule) => {
    expect(explain(send(10), withControl, [served(10 - secondsBefore)]).rule).toBe(rule)
  })

  it('is floored to the second before it is compared', () => {
    expect(explain(send(10), withControl, [served(10.999)]).rule).toBe('latest')
    expect(explain(send(10), withControl, [served(11)]).rule).toBe('none')
  })

  it.each([
    [30 * daySeconds - 1, 'latest'],
    [30 * daySeconds, 'latest'],
    [30 * daySeconds + 1, 'none'],
  ])('may be %i s old at the far edge: %s', (age, rule) => {
    expect(explain(send(30 * daySeconds + 100), withControl, [served(30 * daySeconds + 100 - age)]).rule).toBe(rule)
  })

  it('is the smaller serve id when two are equally late', () => {
    const b = served(5, { serveId: 'b', copyId: copyIdSchema.parse('of_b') })
    const a = served(5, { serveId: 'a', copyId: copyIdSchema.parse('of_a') })
    expect(explain(send(10), integration(), [b, a]).copyId).toBe('of_a')
  })

  it('is never one of another template', () => {
    const other = served(5, { templateId: templateIdSchema.parse('other') })
    expect(explain(send(10), withControl, [other])).toMatchObject({ rule: 'none', arm: 'treatment' })
  })
})

describe('the arm of a send', () => {
  it('is control for a control action, whatever serve the person has', () => {
    const explained = explain(send(10, { actionId: controlAction }), withControl, [served(5)])
    expect(explained).toEqual({ templateId: 'welcome_email', arm: 'control', rule: 'none' })
  })

  it('is treatment with unknown copy for a treatment action without a serve', () => {
    const named = integration({ treatmentActionIds: [treatmentAction] })
    const explained = explain(send(10, { actionId: treatmentAction }), named, [])
    expect(explained).toEqual({ templateId: 'welcome_email', arm: 'treatment', rule: 'none' })
  })

  it('falls to control when no action is named control, and to treatment when one is', () => {
    expect(explain(send(10), integration(), []).arm).toBe('control')
    expect(explain(send(10), withControl, []).arm).toBe('treatment')
  })

  it('is control with its copy when the serve was of the control copy', () => {
    const control = served(5, { arm: 'control', copyId: copyIdSchema.parse('original') })
    expect(explain(send(10), integration(), [control])).toMatchObject({ arm: 'control', copyId: 'original' })
  })

  it('keeps forced and fallback copies in strata of their own', () => {
    expect(explain(send(10), integration(), [served(5, { choice: 'forced' })]).stratum).toBe('forced')
    expect(explain(send(10), integration(), [served(5, { choice: 'fallback' })]).stratum).toBe('fallback')
  })
})
