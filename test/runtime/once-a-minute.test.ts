import { expect, it } from 'vitest'
import { orgSlugSchema } from '../../contract/ids.ts'
import { makeOnceAMinute } from '../../lambdas/runtime/once-a-minute.ts'

const org = orgSlugSchema.parse('acme')
const { signal } = new AbortController()

it('notes each thing of each org once a minute with its count of the hour, and a failed note again at once', async () => {
  let nowMs = 0
  let fails = false
  const written: string[] = []
  const logged: string[] = []
  const note = makeOnceAMinute({
    write: async (of, what, { atMs, count }) => {
      if (fails) throw new Error('the table is down')
      written.push(`${of} ${what} ${atMs} ${count}`)
    },
    now: () => nowMs,
    log: (_level, message) => logged.push(message),
  })
  for (const at of [0, 1, 59_999, 60_000, 60_001, 3_600_000]) {
    nowMs = at
    await note(org, 'mismatch', signal)
  }
  await note(orgSlugSchema.parse('other'), 'mismatch', signal)
  fails = true
  await note(org, 'unsigned', signal)
  fails = false
  await note(org, 'unsigned', signal)
  expect(written).toEqual([
    'acme mismatch 0 1',
    'acme mismatch 60000 4',
    'acme mismatch 3600000 1',
    'other mismatch 3600000 1',
    'acme unsigned 3600000 2',
  ])
  expect(logged).toEqual(['not noted'])
})
