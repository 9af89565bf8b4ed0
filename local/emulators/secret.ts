// A secret as it is kept: its versions and their stages, how it is described, and what a new one holds.
import { randomBytes } from 'node:crypto'
import {
  findText,
  isRecord,
  type Json,
  type JsonRecord,
  listAt,
  parseJson,
  recordAt,
  textAt,
  textsAt,
} from '../json.ts'

export type Version = {
  readonly id: string
  readonly text?: string
  readonly binary?: string
  readonly createdSeconds: number
  stages: string[]
}
export type Secret = {
  readonly name: string
  readonly arn: string
  readonly createdSeconds: number
  description: string
  deletedSeconds?: number
  versions: Version[]
}

export class SecretsError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
export const notFound = (): SecretsError =>
  new SecretsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
export const nowSeconds = (): number => Date.now() / 1000

export const stored = (value: Json): Secret => ({
  name: textAt(value, 'name'),
  arn: textAt(value, 'arn'),
  description: textAt(value, 'description'),
  createdSeconds: Number(textAt(value, 'createdSeconds')),
  ...(findText(value, 'deletedSeconds') === undefined
    ? {}
    : { deletedSeconds: Number(textAt(value, 'deletedSeconds')) }),
  versions: listAt(value, 'versions').map((version) => {
    const [text, binary] = [findText(version, 'text'), findText(version, 'binary')]
    return {
      id: textAt(version, 'id'),
      createdSeconds: Number(textAt(version, 'createdSeconds')),
      stages: textsAt(version, 'stages'),
      ...(text === undefined ? {} : { text }),
      ...(binary === undefined ? {} : { binary }),
    }
  }),
})

export const described = (secret: Secret): JsonRecord => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  CreatedDate: secret.createdSeconds,
  ...(secret.deletedSeconds === undefined ? {} : { DeletedDate: secret.deletedSeconds }),
  VersionIdsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
})

/** The value that CloudFormation would give a new secret. */
export const initialValue = (properties: JsonRecord): string => {
  const given = findText(properties, 'SecretString')
  if (given !== undefined) return given
  const generate = recordAt(properties, 'GenerateSecretString')
  const generated = randomBytes(32)
    .toString('base64url')
    .slice(0, Number(findText(generate, 'PasswordLength') ?? 32))
  const template = findText(generate, 'SecretStringTemplate')
  const parsed = template === undefined ? undefined : parseJson(template)
  return isRecord(parsed)
    ? JSON.stringify({ ...parsed, [textAt(generate, 'GenerateStringKey')]: generated })
    : generated
}
