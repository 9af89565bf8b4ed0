import { expect, it } from 'vitest'
import { orgSlugSchema, sourceRefSchema } from '../../contract/ids.ts'
import { makeNoteSource, maxSourcesAnHour } from '../../lambdas/runtime/note-source.ts'

const [org, other] = [orgSlugSchema.parse('acme'), orgSlugSchema.parse('acme-2')]
const sourceOf = (id: number) => sourceRefSchema.parse(`campaign:${id}`)
const { signal } = new AbortController()
const hourMs = 3_600_000

function makeNotes() {
  const state = { nowMs: 0, fails: false, written: [] as string[], logged: [] as string[] }
  const note = makeNoteSource({
    write: async (of, source, atMs) => {
      if (state.fails) throw new Error('the table is down')
      state.written.push(`${of} ${source} ${atMs}`)
    },
    now: () => state.nowMs,
    log: (_level, message) => state.logged.push(message),
  })
  return { state, note }
}

it('notes each source of each org once an hour, and one that failed again at once', async () => {
  const { state, note } = makeNotes()
  for (const at of [0, 1, hourMs - 1, hourMs]) {
    state.nowMs = at
    await note(org, sourceOf(23), signal)
  }
  await note(other, sourceOf(23), signal)
  state.fails = true
  await note(org, sourceOf(24), signal)
  state.fails = false
  await note(org, sourceOf(24), signal)
  expect(state.written).toEqual([
    'acme campaign:23 0',
    `acme campaign:23 ${hourMs}`,
    `acme-2 campaign:23 ${hourMs}`,
    `acme campaign:24 ${hourMs}`,
  ])
  expect(state.logged).toEqual(['source not noted'])
})

it('notes no more than so many sources of one org within an hour, and of another org all the same', async () => {
  const { state, note } = makeNotes()
  for (let id = 0; id < maxSourcesAnHour + 5; id++) await note(org, sourceOf(id), signal)
  await note(other, sourceOf(1), signal)
  expect(state.written).toHaveLength(maxSourcesAnHour + 1)
  state.nowMs = hourMs
  await note(org, sourceOf(maxSourcesAnHour + 1), signal)
  expect(state.written).toHaveLength(maxSourcesAnHour + 2)
})
