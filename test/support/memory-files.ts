// The bucket in memory, for flows: versions, pinned reads and first writes as S3 has them. Held to the same tests as the real one.
import { createHash } from 'node:crypto'
import type { ObjectVersion } from '../../lambdas/domain/files/name-file.ts'
import { VersionMissing } from '../../lambdas/domain/files/object-version.ts'
import type { Files } from '../../lambdas/flows/file-deps.ts'

export interface MemoryFiles extends Files {
  /** What a customer does: writes an object at some second. */
  drop(key: string, body: string | Uint8Array, atSecond?: number): ObjectVersion
  text(key: string): string | undefined
  keys(prefix: string): string[]
}

/** Objects are read in pieces of so many bytes. */
export function makeMemoryFiles(pieceBytes = 1_000): MemoryFiles {
  const objects = new Map<string, { readonly bytes: Buffer; readonly version: ObjectVersion }>()
  let second = 1_795_000_000
  const write = (key: string, body: string | Uint8Array, atSecond = second++): ObjectVersion => {
    const bytes = Buffer.from(typeof body === 'string' ? Buffer.from(body) : body)
    const etag = createHash('md5').update(bytes).digest('hex')
    const version = { bucket: 'memory', key, etag, sizeBytes: bytes.byteLength, modifiedAtMs: atSecond * 1_000 }
    objects.set(key, { bytes, version })
    return version
  }
  return {
    drop: write,
    text: (key) => objects.get(key)?.bytes.toString('utf8'),
    keys: (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).toSorted(),
    head: async (key) => objects.get(key)?.version,
    async *read({ key, etag }, range) {
      const whole = objects.get(key)
      if (whole === undefined) throw new VersionMissing('gone')
      for (let at = range?.start ?? 0; at < (range?.end ?? whole.bytes.byteLength); at += pieceBytes) {
        const object = objects.get(key)
        if (object === undefined) throw new VersionMissing('gone')
        if (etag !== undefined && object.version.etag !== etag) throw new VersionMissing('changed')
        yield object.bytes.subarray(at, Math.min(at + pieceBytes, range?.end ?? Number.POSITIVE_INFINITY))
      }
    },
    put: async (key, body) => void write(key, body),
    putFirst: async (key, body) => {
      if (objects.has(key)) return false
      write(key, body)
      return true
    },
    putStream: async (key, pieces) => {
      const all: Uint8Array[] = []
      for await (const piece of pieces) all.push(piece)
      write(key, Buffer.concat(all))
    },
    remove: async (key) => void objects.delete(key),
    async *list(prefix, after = '') {
      const listed = [...objects.values()].map(({ version }) => version).filter(({ key }) => key.startsWith(prefix))
      yield* listed.filter(({ key }) => key > after).toSorted((a, b) => (a.key < b.key ? -1 : 1))
    },
  }
}
