// Synthesizes the app of the dev stage once per run of the tests, as `npm start` does, into a folder that the run removes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import cdk from '../../cdk.json' with { type: 'json' }

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder that the synthesized stack lies in. */
    assembly: string
  }
}

/** Called by vitest before the first test file; what it returns is called after the last. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'))
  execFileSync(process.execPath, ['bin/app.ts'], {
    env: {
      PATH: process.env.PATH,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...cdk.context, stage: 'dev' }),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  project.provide('assembly', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
