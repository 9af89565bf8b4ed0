// Whoever sent a wrong body is told where it is wrong and what is allowed, and never what they sent.
import { expect, it } from 'vitest'
import type * as z from 'zod/mini'
import { integrationChangeSchema } from '../../../contract/template-answers.ts'
import { describeIssues } from '../../../lambdas/domain/api/describe-issues.ts'

function detailsOf(body: unknown, schema: z.ZodMiniType = integrationChangeSchema) {
  const parsed = schema.safeParse(body)
  return parsed.success ? [] : describeIssues(parsed.error.issues, body)
}

it('names the members that nobody knows, where they stand', () => {
  const sources = [{ source: 'campaign:77', campaign_id: '77', webhook_action_id: '1' }]
  expect(detailsOf({ sources })).toEqual([
    { path: 'sources[0]', message: 'Seen: `campaign_id`, `webhook_action_id`. Allowed: no member of that name.' },
  ])
})

it.each(['ann@x.test', '+49 30 1234', 'x'.repeat(41)])('does not repeat a name that may be somebody’s: %s', (name) => {
  const [detail] = detailsOf({ sources: [], [name]: 1 })
  expect(detail?.message).toBe(`Seen: a name of ${name.length} characters. Allowed: no member of that name.`)
})

it('tells the kind and size of a value, and what is allowed', () => {
  expect(detailsOf({ sources: [{ source: 'ann@x.test' }] })).toEqual([
    {
      path: 'sources[0].source',
      message: expect.stringMatching(/^Seen: text of 10 characters\. Allowed: text that matches/),
    },
  ])
})
