// The import walls hold: a file that reaches into a room it must not know is refused by the linter.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'walls-'))
  copyFileSync('biome.json', join(folder, 'biome.json'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the linter says of a file that imports something, in a folder that has the project's rules and nothing else. */
function lint(path: string, from: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `import { x } from '${from}'\n\nexport const y = x\n`)
  try {
    const options = ['lint', '--vcs-enabled=false', '--reporter=github', path]
    return execFileSync(resolve('node_modules/.bin/biome'), options, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    return `${Reflect.get(Object(error), 'stdout')}${Reflect.get(Object(error), 'stderr')}`
  } finally {
    rmSync(file)
  }
}

describe('a wall stands', () => {
  it.each([
    ['contract/x.ts', 'node:fs'],
    ['contract/x.ts', '../lambdas/domain/api/fault.ts'],
    ['lambdas/domain/x.ts', '../store/event-keys.ts'],
    ['lambdas/domain/x.ts', '@aws-sdk/client-dynamodb'],
    ['lambdas/domain/x.ts', 'node:fs'],
    ['lambdas/store/x.ts', '../clients/org-secrets.ts'],
    ['lambdas/store/x.ts', '../flows/measure-subjects.ts'],
    ['lambdas/clients/x.ts', '../store/event-keys.ts'],
    ['lambdas/runtime/x.ts', '../store/event-keys.ts'],
    ['lambdas/flows/x.ts', '../store/event-keys.ts'],
    ['lambdas/flows/x.ts', '@aws-sdk/client-dynamodb'],
    ['lambdas/handlers/x.ts', './generate-copy.ts'],
    ['lambdas/handlers/x.ts', '../../lib/stack.ts'],
    ['lib/x.ts', '../lambdas/store/event-keys.ts'],
    ['local/x.ts', '../contract/ids.ts'],
    ['local/x.ts', '../lib/stack.ts'],
    ['local/gate/x.ts', '../../lambdas/store/event-keys.ts'],
    ['console/x.ts', '../lambdas/domain/api/fault.ts'],
    ['console/pages/copy/x.tsx', '../../../lib/config.ts'],
    ['console/x.ts', 'node:fs'],
    ['console/x.ts', '@aws-sdk/client-s3'],
  ])('between %s and %s', (path, from) => {
    expect(lint(path, from)).toContain('noRestrictedImports')
  })
})

describe('a door is open', () => {
  it.each([
    ['contract/x.ts', 'zod/mini'],
    ['contract/x.ts', './ids.ts'],
    ['lambdas/domain/x.ts', 'node:crypto'],
    ['lambdas/domain/x.ts', '../../contract/ids.ts'],
    ['lambdas/store/x.ts', '../domain/api/fault.ts'],
    ['lambdas/runtime/x.ts', './clients.ts'],
    ['lambdas/handlers/x.ts', '../store/event-keys.ts'],
    ['lib/x.ts', '../contract/routes.ts'],
    ['console/x.ts', '../contract/routes.ts'],
    ['console/pages/copy/x.tsx', '@mantine/core'],
  ])('between %s and %s', (path, from) => {
    expect(lint(path, from)).toBe('')
  })
})
