// A small Secrets Manager: secrets with their AWSCURRENT and AWSPREVIOUS versions, kept in one JSON file. No rotation.
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import type { OwnService } from '../gate/gate.ts'
import { answerJsonError } from '../gate/refusal.ts'
import { findText, type Json, type JsonRecord, listAt, parseJson, textAt, textsAt } from '../json.ts'
import { ACCOUNT_ID, REGION } from '../template/intrinsics.ts'
import { secretArn } from '../template/resource-types.ts'
import type { Resource } from '../template/stack.ts'
import {
  described,
  initialValue,
  notFound,
  nowSeconds,
  type Secret,
  SecretsError,
  stored,
  type Version,
} from './secret.ts'

export type Secrets = {
  readonly serve: OwnService
  readonly arnOf: (secretId: string) => string
  readonly ensure: (resource: Resource) => void
}

/** Opens the secrets kept in `path`; undefined keeps them in memory. */
export const openSecrets = (path: string | undefined): Secrets => {
  const kept = path !== undefined && existsSync(path) ? parseJson(readFileSync(path, 'utf8')) : []
  const secrets = new Map(listAt(kept).map((value) => [textAt(value, 'name'), stored(value)]))
  const save = (): void => {
    if (path === undefined) return
    writeFileSync(`${path}.tmp`, JSON.stringify([...secrets.values()], null, 2), { mode: 0o600 })
    renameSync(`${path}.tmp`, path)
  }

  const find = (secretId: string): Secret | undefined =>
    secrets.get(secretId) ?? [...secrets.values()].find(({ arn }) => arn === secretId || arn.slice(0, -7) === secretId)
  const get = (body: JsonRecord): Secret => {
    const secret = find(textAt(body, 'SecretId'))
    if (secret === undefined) throw notFound()
    return secret
  }
  const getLive = (body: JsonRecord): Secret => {
    const secret = get(body)
    if (secret.deletedSeconds !== undefined)
      throw new SecretsError(
        'InvalidRequestException',
        'You can’t perform this operation on the secret because it was marked for deletion.'.replace('’', "'"),
      )
    return secret
  }
  const addVersion = (secret: Secret, body: JsonRecord, stages: string[]): Version => {
    const [text, binary] = [findText(body, 'SecretString'), findText(body, 'SecretBinary')]
    const version = {
      id: findText(body, 'ClientRequestToken') ?? randomUUID(),
      createdSeconds: nowSeconds(),
      stages,
      ...(text === undefined ? {} : { text }),
      ...(binary === undefined ? {} : { binary }),
    }
    const same = secret.versions.find(({ id }) => id === version.id)
    if (same !== undefined) {
      if (same.text !== version.text || same.binary !== version.binary)
        throw new SecretsError(
          'ResourceExistsException',
          'You tried to create a new version of a secret that already exists with different content.',
        )
      return same
    }
    for (const each of secret.versions) {
      const wasCurrent = each.stages.includes('AWSCURRENT') && stages.includes('AWSCURRENT')
      const left = each.stages.filter(
        (stage) => !stages.includes(stage) && !(stages.includes('AWSCURRENT') && stage === 'AWSPREVIOUS'),
      )
      each.stages = wasCurrent ? [...left, 'AWSPREVIOUS'] : left
    }
    secret.versions = [...secret.versions.filter((each) => each.stages.length > 0), version]
    return version
  }

  const operations: Readonly<Record<string, (body: JsonRecord) => Json>> = {
    CreateSecret: (body) => {
      const name = textAt(body, 'Name')
      if (secrets.has(name))
        throw new SecretsError(
          'ResourceExistsException',
          `The operation failed because the secret ${name} already exists.`,
        )
      const secret: Secret = {
        name,
        arn: secretArn(name),
        createdSeconds: nowSeconds(),
        description: textAt(body, 'Description'),
        versions: [],
      }
      secrets.set(name, secret)
      const hasValue = body.SecretString !== undefined || body.SecretBinary !== undefined
      const version = hasValue ? addVersion(secret, body, ['AWSCURRENT']) : undefined
      save()
      return { ARN: secret.arn, Name: name, ...(version === undefined ? {} : { VersionId: version.id }) }
    },
    GetSecretValue: (body) => {
      const secret = getLive(body)
      const [id, stage] = [findText(body, 'VersionId'), findText(body, 'VersionStage')]
      const version = secret.versions.find(
        (each) =>
          (id === undefined || each.id === id) &&
          (id !== undefined && stage === undefined ? true : each.stages.includes(stage ?? 'AWSCURRENT')),
      )
      if (version === undefined)
        throw new SecretsError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret value for ${id === undefined ? `staging label: ${stage ?? 'AWSCURRENT'}` : `VersionId: ${id}`}`,
        )
      const value = version.text === undefined ? { SecretBinary: version.binary ?? '' } : { SecretString: version.text }
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.id,
        VersionStages: version.stages,
        CreatedDate: version.createdSeconds,
        ...value,
      }
    },
    PutSecretValue: (body) => {
      const secret = getLive(body)
      const stages = textsAt(body, 'VersionStages')
      const version = addVersion(secret, body, stages.length === 0 ? ['AWSCURRENT'] : stages)
      save()
      return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages }
    },
    UpdateSecret: (body) => {
      const secret = getLive(body)
      secret.description = findText(body, 'Description') ?? secret.description
      const hasValue = body.SecretString !== undefined || body.SecretBinary !== undefined
      const version = hasValue ? addVersion(secret, body, ['AWSCURRENT']) : undefined
      save()
      return { ARN: secret.arn, Name: secret.name, ...(version === undefined ? {} : { VersionId: version.id }) }
    },
    DescribeSecret: (body) => described(get(body)),
    DeleteSecret: (body) => {
      const secret = get(body)
      if (body.ForceDeleteWithoutRecovery === true) secrets.delete(secret.name)
      else secret.deletedSeconds = nowSeconds()
      save()
      return { ARN: secret.arn, Name: secret.name, DeletionDate: nowSeconds() }
    },
    RestoreSecret: (body) => {
      const secret = get(body)
      delete secret.deletedSeconds
      save()
      return { ARN: secret.arn, Name: secret.name }
    },
    ListSecrets: (body) => {
      const prefixes = listAt(body, 'Filters')
        .filter((filter) => textAt(filter, 'Key') === 'name')
        .map((filter) => textsAt(filter, 'Values'))
      const wanted = [...secrets.values()].filter(
        ({ name, deletedSeconds }) =>
          deletedSeconds === undefined && prefixes.every((values) => values.some((value) => name.startsWith(value))),
      )
      return { SecretList: wanted.map(described) }
    },
    TagResource: () => ({}),
  }

  return {
    arnOf: (secretId) =>
      find(secretId)?.arn ??
      (secretId.startsWith('arn:') ? secretId : `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:${secretId}`),
    ensure: (resource) => {
      if (secrets.has(resource.name)) return
      operations.CreateSecret?.({
        Name: resource.name,
        Description: textAt(resource.properties, 'Description'),
        SecretString: initialValue(resource.properties),
      })
    },
    serve: (operation, body, response) => {
      const run = operations[operation]
      if (run === undefined)
        return answerJsonError(
          response,
          'secretsmanager',
          400,
          'UnknownOperationException',
          `${operation} is not part of the local deployment.`,
        )
      try {
        answer(response, run(body))
      } catch (error) {
        if (!(error instanceof SecretsError)) throw error
        answerJsonError(response, 'secretsmanager', 400, error.code, error.message)
      }
    },
  }
}

const answer = (response: ServerResponse, value: Json): void => {
  const body = JSON.stringify(value)
  response.writeHead(200, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  })
  response.end(body)
}
