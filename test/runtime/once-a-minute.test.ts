import { expect, it } from 'vitest'
import { orgSlugSchema } from '../../contract/ids.ts'
import { makeOnceAMinute } from '../../lambdas/runtime/once-a-minute.ts'

const org = orgSlugSchema.parse('acme')
const { signal } = new AbortController()

it('notes each thing of each org once a minute, and a failed note again at once', async () => {
  let nowMs = 0
  let fails = false
  const written: string[] = []
  const logged: string[] = []
  const note = makeOnceAMinute({
    write: async (of, what, atMs) => {
      if (fails) throw new Error('the table is down')
      written.push(`${of} ${what} ${atMs}`)
    },
    now: () => nowMs,
    log: (_level, message) => logged.push(message),
  })
  for (const at of [0, 1, 59_999, 60_000, 60_001]) {
    nowMs = at
    await note(org, 'mismatch', signal)
  }
  await note(orgSlugSchema.parse('other'), 'mismatch', signal)
  fails = true
  await note(org, 'unsigned', signal)
  fails = false
  await note(org, 'unsigned', signal)
  expect(written).toEqual(['acme mismatch 0', 'acme mismatch 60000', 'other mismatch 60001', 'acme unsigned 60001'])
  expect(logged).toEqual(['not noted'])
})
