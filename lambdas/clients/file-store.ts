// Files in the stage's bucket: read in pieces and never held whole, pinned to the version that was planned.
import { setTimeout } from 'node:timers/promises'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import * as z from 'zod/mini'
import type { ObjectVersion } from '../domain/files/name-file.ts'
import { type Pinned, VersionMissing } from '../domain/files/object-version.ts'
import { putStream } from './put-stream.ts'

/** Writes of one key that meet one another: two functions that load the same range. */
const maxConflicts = 5
const conflictPauseMs = 100

export interface FileStore {
  readonly head: (key: string) => Promise<ObjectVersion | undefined>
  /** Bytes `start` to `end`, the last one left out; absent: all. @throws VersionMissing */
  readonly read: (object: Pinned, range?: { start: number; end: number }) => AsyncIterable<Uint8Array>
  readonly put: (key: string, body: string | Uint8Array, contentType: string) => Promise<void>
  /** False when something stands under the key. @throws when other writes of the key stay in the way */
  readonly putFirst: (key: string, body: Uint8Array) => Promise<boolean>
  /** Writes pieces of any length as one object. */
  readonly putStream: (key: string, pieces: AsyncIterable<Uint8Array>) => Promise<void>
  readonly remove: (key: string) => Promise<void>
  /** In order of keys, those after `after`. */
  readonly list: (prefix: string, after?: string) => AsyncIterable<ObjectVersion>
}

/** The SDK's stream for Node is one of these. */
const streamSchema = z.custom<AsyncIterable<Uint8Array>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
)

export function makeFileStore(client: S3Client, bucket: string): FileStore {
  return {
    async head(key) {
      try {
        const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
        return toVersion(bucket, key, head.ETag, head.ContentLength, head.LastModified)
      } catch (error) {
        if (statusOf(error) === 404) return undefined
        throw error
      }
    },

    async *read({ key, etag }, range) {
      const Range = range && `bytes=${range.start}-${range.end - 1}`
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...(etag && { IfMatch: etag }), Range })
      try {
        const { Body } = await client.send(command)
        yield* streamSchema.parse(Body)
      } catch (error) {
        const status = statusOf(error)
        if (status === 412) throw new VersionMissing('changed')
        if (status === 404) throw new VersionMissing('gone')
        throw error
      }
    },

    async put(key, body, ContentType) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType }))
    },

    async putFirst(key, body) {
      for (let attempt = 1; ; attempt++) {
        try {
          await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, IfNoneMatch: '*' }))
          return true
        } catch (error) {
          const status = statusOf(error)
          if (status === 412) return false
          // Another write of the same key was under way, and may have come to nothing. The SDK does not try this again.
          if (status !== 409 || attempt === maxConflicts) throw error
          await setTimeout(attempt * conflictPauseMs)
        }
      }
    },

    putStream: (key, pieces) => putStream(client, bucket, key, pieces),

    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    },

    async *list(prefix, after) {
      const from = { Bucket: bucket, Prefix: prefix, ...(after !== undefined && { StartAfter: after }) }
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, from)) {
        for (const { Key = '', ETag, Size, LastModified } of Contents) {
          yield toVersion(bucket, Key, ETag, Size, LastModified)
        }
      }
    },
  }
}

/** S3 tells times in whole seconds in some answers, so they are in all of ours. */
function toVersion(bucket: string, key: string, etag = '', sizeBytes = 0, modified: Date = new Date(0)): ObjectVersion {
  const modifiedAtMs = Math.floor(modified.getTime() / 1_000) * 1_000
  return { bucket, key, etag: etag.replaceAll('"', ''), sizeBytes, modifiedAtMs }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
}
