// The command line: `cdk synth` of every stage, offline, without credentials, with CDK's own checks of templates.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { stageNames } from '../../lib/config.ts'

const root = join(import.meta.dirname, '../..')
/** Seconds on a free machine; the rest is for one that other tests keep busy. */
const timeout = 300_000
const home = mkdtempSync(join(tmpdir(), 'synth-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Runs the CLI with nothing of this machine's environment: no credentials, no region, no home. */
async function synth(...args: string[]) {
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: home, AWS_EC2_METADATA_DISABLED: 'true' }
  const cli = join(root, 'node_modules/aws-cdk/bin/cdk')
  return promisify(execFile)(process.execPath, [cli, 'synth', '--quiet', ...args], { cwd: root, env })
}

describe('cdk synth', () => {
  it.concurrent.each(stageNames)(
    'works offline, without credentials and in silence: %s',
    { timeout },
    async (stage) => {
      const output = join(home, stage)
      const { stdout, stderr } = await synth('-c', `stage=${stage}`, '--output', output)
      // Not a word: a newcomer sees this first. Flags of CDK that are not decided in cdk.json would be counted here.
      expect(stdout + stderr).toBe('')
      expect(existsSync(join(output, `justai-${stage}.template.json`))).toBe(true)
      const report = JSON.parse(readFileSync(join(output, 'validation-report.json'), 'utf8'))
      expect(report.pluginReports).toEqual([])
    },
  )

  it.concurrent('refuses a stage that it does not know in one sentence', { timeout }, async () => {
    const refused = await synth('-c', 'stage=production', '--output', join(home, 'refused')).catch((error) => error)
    expect(refused.stderr).toContain('Unknown stage "production": use -c stage=dev|staging|prod\n')
    expect(refused.stderr).not.toContain('    at ')
  })
})
