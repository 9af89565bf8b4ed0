// How far each shard of a stream has been worked off, kept in a file so that a restart goes on where it stopped.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { recordAt, textAt, tryJson } from '../json.ts'

/** The checkpoint of a shard that has been read to its end. */
export const DONE = 'done'

export type Checkpoints = {
  readonly get: (shardId: string) => string | undefined
  readonly set: (shardId: string, sequenceNumber: string) => void
  readonly isEmpty: () => boolean
  /** Writes what has changed. */
  readonly flush: () => void
}

const WRITE_DELAY_MS = 50

/** Opens the checkpoints of one mapping on one stream; those of another stream (a table made anew) are forgotten. */
export const openCheckpoints = (path: string | undefined, streamArn: string): Checkpoints => {
  const kept = path !== undefined && existsSync(path) ? tryJson(readFileSync(path, 'utf8')) : undefined
  const shards = new Map<string, string>()
  if (textAt(kept, 'streamArn') === streamArn)
    for (const [shard, sequence] of Object.entries(recordAt(kept, 'shards'))) shards.set(shard, textAt(sequence))
  let timer: NodeJS.Timeout | undefined

  const flush = (): void => {
    clearTimeout(timer)
    if (timer === undefined || path === undefined) return
    timer = undefined
    writeFileSync(`${path}.tmp`, JSON.stringify({ streamArn, shards: Object.fromEntries(shards) }))
    renameSync(`${path}.tmp`, path)
  }
  return {
    get: (shardId) => shards.get(shardId),
    set: (shardId, sequenceNumber) => {
      shards.set(shardId, sequenceNumber)
      timer ??= setTimeout(flush, WRITE_DELAY_MS)
    },
    isEmpty: () => shards.size === 0,
    flush,
  }
}
