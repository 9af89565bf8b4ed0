// What is stored of an import, and how long.
import { marshall } from '@aws-sdk/util-dynamodb'
import { expiresAt } from '../../contract/expiry.ts'
import type { FileImport } from '../../contract/import.ts'
import { ttlAttribute } from '../../contract/tables.ts'
import type { Key } from './key.ts'

export function toImportItem(key: Key, value: object, { startedAtMs }: Pick<FileImport, 'startedAtMs'>) {
  const ttl = expiresAt('imports', startedAtMs)
  return marshall({ ...value, ...key, [ttlAttribute]: ttl }, { removeUndefinedValues: true })
}
