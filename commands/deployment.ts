// A whole deployment as an operator's command reaches it: tables, queues, bucket and secrets of `npm start` or of a stage on
// AWS, with the flags that name it and how a command begins and ends.
import { readFileSync } from 'node:fs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod/mini'
import { type OrgSlug, orgSlugSchema } from '../contract/ids.ts'

const outputsSchema = z.object({
  Stage: z.string(),
  EventsTableName: z.string(),
  OutcomesTableName: z.string(),
  ResultsTableName: z.string(),
  SettingsTableName: z.string(),
  DataBucketName: z.string(),
  OrgSecretPrefix: z.string(),
  AlertSecretPrefix: z.string(),
  FailureQueueUrl: z.string(),
  FileNoticesQueueUrl: z.string(),
  /** `<url of the dead letters>><url of the queue they come from>`, one after the other. */
  DeadLetters: z.string(),
})
const readySchema = z.object({
  outputs: outputsSchema,
  endpoints: z.object({
    dynamodb: z.object({
      url: z.string(),
      region: z.string(),
      credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
    }),
  }),
})

export interface Deployment {
  readonly dynamodb: DynamoDBClient
  readonly sqs: SQSClient
  readonly s3: S3Client
  readonly secrets: SecretsManagerClient
  readonly outputs: z.infer<typeof outputsSchema>
  readonly tables: {
    readonly events: string
    readonly outcomes: string
    readonly results: string
    readonly settings: string
  }
}

/** The flags that name a deployment; `--dry-run` says what would be done and does nothing. */
export const deploymentFlags = {
  'ready-file': { type: 'string', default: '.local-data/ready.json' },
  outputs: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
} as const

export const deploymentUsage = '[--dry-run] [--ready-file .local-data/ready.json | --outputs <file>]'

/** @throws one sentence when the file is not there or not one of ours */
export function openDeployment(values: {
  readonly 'ready-file': string
  readonly outputs?: string | undefined
}): Deployment {
  const ready = values.outputs === undefined ? readJson(values['ready-file'], readySchema) : undefined
  const outputs = ready?.outputs ?? firstOf(readJson(values.outputs ?? '', z.record(z.string(), outputsSchema)))
  const { url: endpoint, ...caller } = ready?.endpoints.dynamodb ?? {}
  const where = { ...(endpoint !== undefined && { endpoint }), ...caller }
  return {
    dynamodb: new DynamoDBClient(where),
    sqs: new SQSClient(where),
    s3: new S3Client({ ...where, forcePathStyle: endpoint !== undefined }),
    secrets: new SecretsManagerClient(where),
    outputs,
    tables: {
      events: outputs.EventsTableName,
      outcomes: outputs.OutcomesTableName,
      results: outputs.ResultsTableName,
      settings: outputs.SettingsTableName,
    },
  }
}

/** @throws one sentence with what was seen */
export function readOrg(seen: string | undefined): OrgSlug {
  const org = orgSlugSchema.safeParse(seen)
  if (!org.success) throw new Error(`--org must be an org slug, saw ${JSON.stringify(seen)}`)
  return org.data
}

/** Runs a command: its exit code, or 2 with the error's sentence and the usage. */
export async function runCommand(usage: string, run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    console.error(usage)
    process.exitCode = 2
  }
}

function firstOf<T>(stacks: Readonly<Record<string, T>>): T {
  const [outputs] = Object.values(stacks)
  if (outputs === undefined) throw new Error('The file names no stack. Deploy with --outputs-file first.')
  return outputs
}

function readJson<S extends z.ZodMiniType>(file: string, schema: S): z.infer<S> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    const hint = 'Is `npm start` running, or was it deployed with --outputs-file?'
    throw new Error(`${file} could not be read as the description of a deployment. ${hint}`, { cause })
  }
}
