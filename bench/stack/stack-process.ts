// The stack as `npm start` deploys it, in a process of its own with its data in memory, for what is measured end to end.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import cdk from '../../cdk.json' with { type: 'json' }

const startLimitMs = 120_000

export interface StackProcess {
  readonly readyFile: string
  readonly stop: () => Promise<void>
}

export async function startStack(): Promise<StackProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-stack-'))
  const [app, readyFile] = [join(folder, 'app'), join(folder, 'ready.json')]
  const context = JSON.stringify({ ...cdk.context, stage: 'dev' })
  const env = { PATH: process.env.PATH, CDK_OUTDIR: app, CDK_CONTEXT_JSON: context }
  execFileSync(process.execPath, ['bin/app.ts'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const flags = ['--app', app, '--port', '0', '--memory', '--ready-file', readyFile, '--seed', 'commands/seed-demo.ts']
  const stack = spawn(process.execPath, ['local/main.ts', ...flags], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((resolve) => stack.once('exit', () => resolve()))
  const stop = async () => {
    stack.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  for (let waitedMs = 0; !existsSync(readyFile); waitedMs += 200) {
    if (stack.exitCode !== null || waitedMs > startLimitMs) {
      await stop()
      throw new Error('the stack did not start')
    }
    await sleep(200)
  }
  return { readyFile, stop }
}
