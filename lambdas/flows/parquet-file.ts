// A Parquet file in the bucket as the reader of the format wants it: its length, and ranges of its bytes.
import type { Pinned } from '../domain/files/object-version.ts'
import type { Files } from './file-deps.ts'

/** @returns reads pinned ranges; those throw what the bucket throws */
export function asyncBufferOf(
  files: Pick<Files, 'read'>,
  { key, etag, sizeBytes }: Required<Pinned> & { sizeBytes: number },
) {
  return {
    byteLength: sizeBytes,
    async slice(start: number, end: number = sizeBytes): Promise<ArrayBuffer> {
      const from = start < 0 ? sizeBytes + start : start
      const bytes = new Uint8Array(end - from)
      let at = 0
      for await (const chunk of files.read({ key, etag }, { start: from, end })) {
        bytes.set(chunk, at)
        at += chunk.byteLength
      }
      return bytes.buffer
    },
  }
}
