// What a recount has read so far, as gzipped lines in the bucket: an object for each part and bin. Parts have names of their own
// and are never written twice; the bucket's lifecycle deletes them, with those that a call left behind that died.
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { OrgSlug } from '../../contract/ids.ts'
import { recountPartKey } from '../domain/files/name-file.ts'
import type { FileStore } from './file-store.ts'

const pack = promisify(gzip)
const unpack = promisify(gunzip)

export function makeRecountParts(files: Pick<FileStore, 'put' | 'read'>) {
  return {
    /** Writes the lines of every bin, also of those that have none. */
    async putPart(org: OrgSlug, run: string, part: string, bins: readonly (readonly string[])[]): Promise<void> {
      const put = async (lines: readonly string[], bin: number) =>
        files.put(recountPartKey(org, run, part, bin), await pack(lines.join('\n')), 'application/gzip')
      await Promise.all(bins.map(put))
    },

    /** @throws when the part is not there (any more) */
    async readPart(org: OrgSlug, run: string, part: string, bin: number): Promise<string[]> {
      const pieces = await Array.fromAsync(files.read({ key: recountPartKey(org, run, part, bin) }))
      const text = (await unpack(Buffer.concat(pieces))).toString('utf8')
      return text === '' ? [] : text.split('\n')
    },
  }
}
