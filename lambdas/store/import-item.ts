// What is stored of an import, and how long.
import { marshall } from '@aws-sdk/util-dynamodb'
import type { FileImport } from '../../contract/import.ts'
import { ttlAttribute } from '../../contract/tables.ts'
import type { Key } from './key.ts'

/** How long an import is told of, and its ranges with it. */
const keptDays = 400
const daySeconds = 86_400

export function toImportItem(key: Key, value: object, { startedAtMs }: Pick<FileImport, 'startedAtMs'>) {
  const ttl = Math.floor(startedAtMs / 1_000) + keptDays * daySeconds
  return marshall({ ...value, ...key, [ttlAttribute]: ttl }, { removeUndefinedValues: true })
}
