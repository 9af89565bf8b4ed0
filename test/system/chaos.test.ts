// Two minutes of chaos against a stack with its data on disk, by the command that runs twenty. Other harms: CHAOS_SEED.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, it } from 'vitest'

const minutes = 2
const seed = process.env.CHAOS_SEED ?? '7'

it('keeps every promise while functions die, calls break, clocks are off and the tables go away', {
  timeout: (minutes + 5) * 60_000,
}, async () => {
  const flags = ['--minutes', String(minutes), '--seed', seed, '--lanes', '4', '--app', inject('assembly')]
  const { code, out } = await promisify(execFile)(process.execPath, ['commands/chaos.ts', ...flags]).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout + error.stderr,
    }),
  )
  expect(out).not.toContain('BROKEN')
  expect([code, out.match(/^kept/gm)?.length]).toEqual([0, 7])
  for (const harm of ['functions killed', 'clocks put off', 'calls cut', 'calls slow', 'tables restarted']) {
    expect(out).toContain(harm)
  }
})
