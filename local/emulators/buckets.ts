// The template's buckets: s3rver in this process, objects as files. Tells what was stored and deleted.
import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'
import type { Upstream } from '../gate/forward.ts'
import { type Json, listAt, recordAt, textAt, textsAt } from '../json.ts'
import type { Resource } from '../template/stack.ts'

/** One thing that happened to an object, as S3 names it: `ObjectCreated:Put`. */
export type ObjectEvent = {
  readonly event: string
  readonly bucket: string
  readonly key: string
  readonly sizeBytes: number
  readonly etag: string
  readonly sequencer: string
}
export type Buckets = {
  readonly upstream: Upstream
  readonly abortUpload: (bucket: string, uploadId: string) => Promise<void>
  readonly stop: () => Promise<void>
}

let sequence = 0

const eventsIn = (message: Json): ObjectEvent[] =>
  listAt(message, 'Records').map((record) => {
    const object = recordAt(record, 's3', 'object')
    sequence += 1
    return {
      // s3rver calls the end of a multipart upload a Post.
      event: textAt(record, 'eventName').replace('ObjectCreated:Post', 'ObjectCreated:CompleteMultipartUpload'),
      bucket: textAt(record, 's3', 'bucket', 'name'),
      key: textAt(object, 'key'),
      sizeBytes: Number(textAt(object, 'size') || 0),
      etag: textAt(object, 'eTag'),
      sequencer: `00${Date.now().toString(16).toUpperCase()}${sequence.toString(16).toUpperCase().padStart(6, '0')}`,
    }
  })

/** A bucket's rules for browsers, in the words of S3's own API. */
const corsOf = (properties: Json): string[] => {
  const rules = listAt(properties, 'CorsConfiguration', 'CorsRules').map((rule) => {
    const each = (name: string) => textsAt(rule, `${name}s`).map((value) => `<${name}>${value}</${name}>`)
    return `<CORSRule>${['AllowedOrigin', 'AllowedMethod', 'AllowedHeader'].flatMap(each).join('')}</CORSRule>`
  })
  return rules.length === 0 ? [] : [`<CORSConfiguration>${rules.join('')}</CORSConfiguration>`]
}

/** Starts s3rver with these buckets, keeping its files in `directory`. */
export const startBuckets = async (
  buckets: readonly Pick<Resource, 'name' | 'properties'>[],
  directory: string,
  onEvent: (event: ObjectEvent) => void,
): Promise<Buckets> => {
  mkdirSync(directory, { recursive: true })
  const s3rver = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: buckets.map(({ name, properties }) => ({ name, configs: corsOf(properties) })),
  })
  s3rver.on('event', (message: Json) => eventsIn(message).forEach(onEvent))
  const { port } = await s3rver.run()
  return {
    upstream: { host: '127.0.0.1', port },
    abortUpload: (bucket, uploadId) =>
      /^[0-9a-f]+$/.test(uploadId)
        ? rm(join(directory, bucket, `._S3rver_uploads`, uploadId), { recursive: true, force: true })
        : Promise.resolve(),
    stop: () => {
      const closed = s3rver.close()
      s3rver.httpServer.closeAllConnections()
      return closed
    },
  }
}
