// How the set-up page sorts its checks into steps.
import { describe, expect, it } from 'vitest'
import { groupChecks, titleOf, worstOf } from '../../console/pages/set-up/group-checks.ts'
import type { Check } from '../../contract/check.ts'

const check = (id: string, state: Check['state'] = 'ok'): Check => {
  return { id, state, title: id, seen: '', what_to_do: '', since: null }
}

describe('checks', () => {
  it('stand with the step of their kind, templates apart, in the order of a set-up', () => {
    const ids = [
      'quarantine',
      'results.counted',
      'counting.complete',
      'templates.made',
      'copy.calls:b',
      'integration.campaign:a',
      'traffic.events',
      'webhook.exists',
      'copy.calls:a',
    ]
    const groups = groupChecks([...ids, 'keys.generate', 'customerio.key'].map((id) => check(id)))
    expect(groups.map(({ step, template, checks }) => [step, template, checks.map(({ id }) => id)])).toEqual([
      ['customerio', undefined, ['customerio.key']],
      ['keys', undefined, ['keys.generate']],
      ['webhook', undefined, ['webhook.exists']],
      ['traffic', undefined, ['traffic.events']],
      ['template', undefined, ['templates.made']],
      ['template', 'b', ['copy.calls:b']],
      ['template', 'a', ['integration.campaign:a', 'copy.calls:a']],
      ['results', undefined, ['results.counted', 'counting.complete']],
      ['set-aside', undefined, ['quarantine']],
    ])
  })

  it('are called after their template, those of all templates after none', () => {
    const titles = groupChecks([check('templates.made'), check('copy.calls:a'), check('copy.calls:b')]).map((group) =>
      titleOf(group, new Map([['a', 'Welcome']])),
    )
    expect(titles).toEqual(['Templates', 'Template: Welcome', 'Template: b'])
  })

  it('of a kind that is new are shown all the same', () => {
    expect(groupChecks([check('something.new')])).toMatchObject([
      { step: 'set-aside', checks: [{ id: 'something.new' }] },
    ])
  })

  it('make a step as bad as the worst of them', () => {
    expect(worstOf([check('a'), check('b', 'waiting'), check('c', 'broken')])).toBe('broken')
    expect(worstOf([check('a'), check('b', 'waiting')])).toBe('waiting')
    expect(worstOf([check('a')])).toBe('ok')
  })
})
