// What is uploaded: how much a cold start reads, beside a bare SDK client that makes the same calls, and that it loads.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import * as environments from '../../contract/environments.ts'
import type { FunctionName } from '../../contract/function-name.ts'
import { bundle, bundleInto } from '../../lib/bundle.ts'
import { entryOf } from '../../lib/lambda-function.ts'

/** How much more than the bare client a handler may be. */
const maxRatio = 1.25

/** Handlers that miss the aim for now, held where they are; the README names them. */
const missed: Readonly<Record<string, number>> = {
  GenerateCopy: 1.32,
  MeasureOutcomes: 1.35,
  ReceiveCioWebhook: 1.28,
  ReceiveCustomEvents: 1.33,
  RemeasureOutcomes: 1.35,
}

/**
 * Nobody's message waits for the console, whose functions carry the shapes of every route, and the statistics with their
 * distribution functions; nor for the schedules, one of which writes Parquet.
 */
const unhurried: Readonly<Record<string, number>> = {
  Manage: 1.65,
  CheckSetup: 1.78,
  WatchCustomerio: 1.36,
  ErasePerson: 1.36,
  ReadResults: 1.7,
  UpdateAllocations: 1.7,
  ExportDays: 1.4,
  EvaluateAlerts: 1.6,
  ServeAlerts: 1.5,
}

/** The calls that each handler makes, by client. A baseline is these and nothing else. */
const calls: Partial<Record<FunctionName, Record<string, readonly string[]>>> = {
  GenerateCopy: {
    dynamodb: ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'QueryCommand', 'UpdateItemCommand'],
  },
  ReceiveCioWebhook: {
    dynamodb: ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'QueryCommand'],
    'secrets-manager': ['SecretsManagerClient', 'GetSecretValueCommand'],
  },
  ReceiveCustomEvents: {
    dynamodb: [
      'DynamoDBClient',
      'BatchGetItemCommand',
      'BatchWriteItemCommand',
      'GetItemCommand',
      'PutItemCommand',
      'UpdateItemCommand',
    ],
  },
  MeasureOutcomes: {
    dynamodb: [
      'DynamoDBClient',
      'BatchGetItemCommand',
      'BatchWriteItemCommand',
      'GetItemCommand',
      'QueryCommand',
      'TransactWriteItemsCommand',
    ],
  },
  RemeasureOutcomes: {
    dynamodb: [
      'DynamoDBClient',
      'BatchGetItemCommand',
      'BatchWriteItemCommand',
      'DeleteItemCommand',
      'GetItemCommand',
      'PutItemCommand',
      'QueryCommand',
      'TransactWriteItemsCommand',
    ],
    sqs: ['SQSClient', 'SendMessageCommand'],
  },
  RecountResults: {
    dynamodb: [
      'DynamoDBClient',
      'BatchGetItemCommand',
      'GetItemCommand',
      'PutItemCommand',
      'QueryCommand',
      'ScanCommand',
      'TransactWriteItemsCommand',
    ],
    s3: ['S3Client', 'GetObjectCommand', 'PutObjectCommand'],
  },
  UpdateAllocations: {
    dynamodb: ['DynamoDBClient', 'GetItemCommand', 'QueryCommand', 'ScanCommand', 'TransactWriteItemsCommand'],
  },
  ReadResults: { dynamodb: ['DynamoDBClient', 'GetItemCommand', 'QueryCommand', 'UpdateItemCommand'] },
  Manage: {
    dynamodb: [
      'DynamoDBClient',
      'BatchGetItemCommand',
      'DeleteItemCommand',
      'GetItemCommand',
      'PutItemCommand',
      'QueryCommand',
      'TransactWriteItemsCommand',
      'UpdateItemCommand',
    ],
    'secrets-manager': [
      'SecretsManagerClient',
      'CreateSecretCommand',
      'GetSecretValueCommand',
      'PutSecretValueCommand',
    ],
    sqs: ['SQSClient', 'SendMessageCommand'],
  },
  CheckSetup: {
    dynamodb: [
      'DynamoDBClient',
      'BatchGetItemCommand',
      'GetItemCommand',
      'PutItemCommand',
      'QueryCommand',
      'UpdateItemCommand',
      'TransactWriteItemsCommand',
    ],
    'secrets-manager': ['SecretsManagerClient', 'GetSecretValueCommand'],
  },
  ErasePerson: {
    dynamodb: [
      'DynamoDBClient',
      'BatchGetItemCommand',
      'BatchWriteItemCommand',
      'DeleteItemCommand',
      'GetItemCommand',
      'PutItemCommand',
      'QueryCommand',
      'TransactWriteItemsCommand',
      'UpdateItemCommand',
    ],
    s3: ['S3Client', 'DeleteObjectCommand', 'GetObjectCommand', 'ListObjectsV2Command', 'PutObjectCommand'],
  },
  PlanCustomEvents: {
    dynamodb: ['DynamoDBClient', 'BatchWriteItemCommand', 'GetItemCommand', 'PutItemCommand', 'QueryCommand'],
    s3: ['S3Client', 'GetObjectCommand', 'HeadObjectCommand', 'PutObjectCommand'],
    sqs: ['SQSClient', 'SendMessageBatchCommand'],
  },
  LoadCustomEvents: {
    dynamodb: [
      'DynamoDBClient',
      'BatchGetItemCommand',
      'BatchWriteItemCommand',
      'GetItemCommand',
      'PutItemCommand',
      'QueryCommand',
      'TransactWriteItemsCommand',
    ],
    s3: ['S3Client', 'GetObjectCommand', 'HeadObjectCommand', 'PutObjectCommand'],
    sqs: ['SQSClient', 'SendMessageBatchCommand'],
  },
  ReconcileFiles: {
    dynamodb: ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'QueryCommand'],
    s3: ['S3Client', 'ListObjectsV2Command'],
    sqs: ['SQSClient', 'GetQueueAttributesCommand', 'SendMessageBatchCommand'],
  },
  WatchCustomerio: {
    dynamodb: ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'QueryCommand', 'ScanCommand'],
    'secrets-manager': ['SecretsManagerClient', 'GetSecretValueCommand'],
  },
  EvaluateAlerts: {
    dynamodb: [
      'BatchGetItemCommand',
      'DeleteItemCommand',
      'DynamoDBClient',
      'GetItemCommand',
      'PutItemCommand',
      'QueryCommand',
      'ScanCommand',
      'TransactWriteItemsCommand',
    ],
    sqs: ['SendMessageBatchCommand', 'SQSClient'],
  },
  DeliverAlerts: {
    dynamodb: ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'QueryCommand', 'TransactWriteItemsCommand'],
    'secrets-manager': ['GetSecretValueCommand', 'SecretsManagerClient'],
    sqs: ['SendMessageCommand', 'SQSClient'],
  },
  ServeAlerts: {
    dynamodb: [
      'DeleteItemCommand',
      'DynamoDBClient',
      'GetItemCommand',
      'PutItemCommand',
      'QueryCommand',
      'TransactWriteItemsCommand',
    ],
    'secrets-manager': ['CreateSecretCommand', 'DeleteSecretCommand', 'PutSecretValueCommand', 'SecretsManagerClient'],
    sqs: ['SendMessageBatchCommand', 'SQSClient'],
  },
  ExportDays: {
    dynamodb: [
      'DynamoDBClient',
      'BatchGetItemCommand',
      'GetItemCommand',
      'PutItemCommand',
      'QueryCommand',
      'ScanCommand',
      'TransactWriteItemsCommand',
    ],
    s3: ['S3Client', 'DeleteObjectCommand', 'ListObjectsV2Command', 'PutObjectCommand'],
    sqs: ['SQSClient', 'SendMessageBatchCommand'],
  },
  ServeExports: {
    dynamodb: ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'QueryCommand'],
    s3: ['S3Client', 'GetObjectCommand'],
  },
  ServeImports: {
    dynamodb: ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'QueryCommand', 'UpdateItemCommand'],
    s3: ['S3Client', 'GetObjectCommand', 'PutObjectCommand'],
    sqs: ['SQSClient', 'SendMessageBatchCommand'],
  },
}
const names = Object.keys(environments)
const entries = new Map(names.flatMap((name) => (isFunctionName(name) ? [[name, entryOf(name)] as const] : [])))

function isFunctionName(name: string): name is FunctionName {
  return name in environments
}

// Where the SDK is found and no other tool looks; bundled as a handler is.
const baselines = join('node_modules', `.baselines-${process.pid}`)
const root = join(import.meta.dirname, '../..')
afterAll(() => rmSync(join(root, baselines), { recursive: true, force: true }))

function bareClient(name: FunctionName): number {
  const lines = Object.entries(calls[name] ?? {}).map(([client, imports], at) => {
    const local = imports.map((imported) => `${imported} as ${imported}${at}`)
    return `export { ${local.join(', ')} } from '@aws-sdk/client-${client}'`
  })
  mkdirSync(join(root, baselines), { recursive: true })
  const entry = join(baselines, `${name}.ts`)
  writeFileSync(join(root, entry), lines.join('\n'))
  return startBytes(bundleInto(entry, join(root, baselines, name)).metafile)
}

/** Bytes of the entry and of all that it imports at once; what it imports lazily is left out. */
function startBytes({ outputs }: Metafile): number {
  const start = Object.keys(outputs).filter((path) => path.endsWith('/index.mjs'))
  const seen = new Set(start)
  for (const path of seen) {
    for (const { kind, path: next } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && next in outputs) seen.add(next)
    }
  }
  return [...seen].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0)
}

/** The files of npm's `name` that a cold start reads. */
function readAtStart({ outputs }: Metafile, name: string): boolean {
  const lazy = new Set(
    Object.values(outputs).flatMap(({ imports }) =>
      imports.flatMap((one) => (one.kind === 'dynamic-import' ? one.path : [])),
    ),
  )
  return Object.entries(outputs).some(
    ([path, { inputs }]) =>
      !lazy.has(path) && Object.keys(inputs).some((input) => input.includes(`node_modules/${name}/`)),
  )
}

describe.each([...entries])('%s', (name, entry) => {
  const { folder, metafile } = bundle(entry)
  const bytes = startBytes(metafile)

  if (calls[name] === undefined) {
    it('uses no SDK', () => {
      console.log(`${name}: ${bytes} bytes, no SDK`)
      expect(Object.keys(metafile.inputs).filter((input) => input.includes('@aws-sdk'))).toEqual([])
    })
  } else {
    it(`is at most ${maxRatio} times a bare SDK client with the same calls`, () => {
      const bare = bareClient(name)
      console.log(`${name}: ${bytes} bytes, bare client ${bare}, ratio ${(bytes / bare).toFixed(3)}`)
      expect(bare).toBeGreaterThan(100_000)
      expect(bytes).toBeLessThanOrEqual(bare * (missed[name] ?? unhurried[name] ?? maxRatio))
    })
  }

  it('is one ES module and its chunks, without maps', () => {
    expect(readdirSync(folder)).toContain('index.mjs')
    expect(readdirSync(folder).filter((file) => !file.endsWith('.mjs'))).toEqual([])
  })
})

it('reads Liquid when a copy needs it, not at every cold start', () => {
  const { metafile } = bundle(entryOf('GenerateCopy'))
  expect(Object.keys(metafile.inputs).some((input) => input.includes('node_modules/liquidjs/'))).toBe(true)
  expect(readAtStart(metafile, 'liquidjs')).toBe(false)
  expect(readAtStart(metafile, 'zod')).toBe(true)
})

it('loads away from the project, and exports the handler that Lambda calls', () => {
  const folders = [...entries.values()].map((entry) => bundle(entry).folder)
  const program = `for (const folder of ${JSON.stringify(folders)}) console.log(typeof (await import(folder + '/index.mjs')).handler)`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: tmpdir(), env: {} })
  expect(printed.toString().trim().split('\n')).toEqual(folders.map(() => 'function'))
})

it('is the same bytes wherever it is made', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'another-place-'))
  try {
    bundleInto(entryOf('ReceiveCioWebhook'), elsewhere)
    expect(digestsIn(elsewhere)).toEqual(digestsIn(bundle(entryOf('ReceiveCioWebhook')).folder))
    const holding = readdirSync(elsewhere).filter((file) => readFileSync(join(elsewhere, file), 'utf8').includes(root))
    expect(holding).toEqual([])
  } finally {
    rmSync(elsewhere, { recursive: true, force: true })
  }
})

it('is refused with the name of the file when there is no such handler', () => {
  expect(() => bundle('lambdas/handlers/no-such-verb.ts')).toThrow('There is no file lambdas/handlers/no-such-verb.ts')
})

function digestsIn(folder: string): string[] {
  const files = readdirSync(folder).toSorted()
  return files.map(
    (file) =>
      `${file} ${createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex')}`,
  )
}
