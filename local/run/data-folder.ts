// Where a local deployment keeps its things: a folder that outlives it, or a temporary one that goes with it.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { LocalProblem } from '../problem.ts'

export type DataFolder = {
  readonly root: string
  /** Undefined: kept in memory. */
  readonly dynamodb: string | undefined
  readonly secrets: string | undefined
  readonly users: string | undefined
  readonly seedState: string | undefined
  readonly checkpoint: (mappingId: string) => string | undefined
  readonly buckets: string
  readonly logs: string
  readonly release: () => void
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return pid !== process.pid
  } catch {
    return false
  }
}

const lock = (root: string): (() => void) => {
  const path = join(root, 'engine.pid')
  const holder = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
  if (holder > 0 && isRunning(holder))
    throw new LocalProblem(
      `The data folder ${root} is in use by another local deployment (process ${holder}): stop it, or choose another with --data.`,
    )
  writeFileSync(path, String(process.pid))
  return () => rmSync(path, { force: true })
}

/** Opens (and locks) a data folder; undefined makes a temporary one. */
export const openDataFolder = (path: string | undefined): DataFolder => {
  const root = path === undefined ? mkdtempSync(join(tmpdir(), 'local-aws-')) : resolve(path)
  for (const name of ['s3', 'logs', 'checkpoints']) mkdirSync(join(root, name), { recursive: true })
  const unlock = path === undefined ? () => rmSync(root, { recursive: true, force: true }) : lock(root)
  const kept = (name: string): string | undefined => (path === undefined ? undefined : join(root, name))
  return {
    root,
    dynamodb: kept('dynamodb'),
    secrets: kept('secrets.json'),
    users: kept('users.json'),
    seedState: kept('seed.json'),
    checkpoint: (mappingId) => kept(join('checkpoints', `${mappingId}.json`)),
    buckets: join(root, 's3'),
    logs: join(root, 'logs'),
    release: unlock,
  }
}
