// Which deployment a command works on: the one of `npm start`, by its ready file, or one on AWS, by the file that
// `cdk deploy --outputs-file` wrote. Reads the file; makes the clients.
import { readFileSync } from 'node:fs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod/mini'

const outputsSchema = z.object({
  EventsTableName: z.string(),
  OutcomesTableName: z.string(),
  ResultsTableName: z.string(),
  SettingsTableName: z.string(),
})

const poolOutputsSchema = z.object({ UserPoolId: z.string(), Stage: z.string() })

const endpointSchema = z.object({
  url: z.string(),
  region: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
})

const readyPoolSchema = z.object({ outputs: poolOutputsSchema, endpoints: z.object({ cognito: endpointSchema }) })
const readySchema = z.object({ outputs: outputsSchema, endpoints: z.object({ dynamodb: endpointSchema }) })

const bucketOutputsSchema = z.object({ DataBucketName: z.string() })
const bucketReadySchema = z.object({ outputs: bucketOutputsSchema, endpoints: z.object({ s3: endpointSchema }) })

const queueOutputsSchema = z.object({ RestatementQueueUrl: z.string() })
const queueReadySchema = z.object({ outputs: queueOutputsSchema, endpoints: z.object({ sqs: endpointSchema }) })

export interface Target {
  readonly dynamodb: DynamoDBClient
  readonly tables: {
    readonly events: string
    readonly outcomes: string
    readonly results: string
    readonly settings: string
  }
}

/** The deployment of `npm start`. @throws one clear sentence when the file is not there or not one of ours */
export function localTarget(readyFile: string): Target {
  const { outputs, endpoints } = readJson(readyFile, readySchema, 'Is `npm start` running?')
  return { dynamodb: new DynamoDBClient(optionsOf(endpoints.dynamodb)), tables: tablesOf(outputs) }
}

/** The bucket of daily files of `npm start`. @throws as `localTarget` */
export function localBucket(readyFile: string): { readonly s3: S3Client; readonly bucket: string } {
  const { outputs, endpoints } = readJson(readyFile, bucketReadySchema, 'Is `npm start` running?')
  return { s3: new S3Client({ ...optionsOf(endpoints.s3), forcePathStyle: true }), bucket: outputs.DataBucketName }
}

/** The same on AWS. @throws as `deployedTarget` */
export function deployedBucket(outputsFile: string): { readonly s3: S3Client; readonly bucket: string } {
  const stacks = readJson(outputsFile, z.record(z.string(), bucketOutputsSchema), 'Deploy with --outputs-file first.')
  const [outputs] = Object.values(stacks)
  if (outputs === undefined) throw new Error(`${outputsFile} names no stack. Deploy with --outputs-file first.`)
  return { s3: new S3Client({}), bucket: outputs.DataBucketName }
}

/** The queue of restatements of `npm start`. @throws as `localTarget` */
export function localQueue(readyFile: string): { readonly sqs: SQSClient; readonly url: string } {
  const { outputs, endpoints } = readJson(readyFile, queueReadySchema, 'Is `npm start` running?')
  const { url: endpoint, ...caller } = endpoints.sqs
  return { sqs: new SQSClient({ endpoint, ...caller }), url: outputs.RestatementQueueUrl }
}

/** The same on AWS. @throws as `deployedTarget` */
export function deployedQueue(outputsFile: string): { readonly sqs: SQSClient; readonly url: string } {
  const stacks = readJson(outputsFile, z.record(z.string(), queueOutputsSchema), 'Deploy with --outputs-file first.')
  const [outputs] = Object.values(stacks)
  if (outputs === undefined) throw new Error(`${outputsFile} names no stack. Deploy with --outputs-file first.`)
  return { sqs: new SQSClient({}), url: outputs.RestatementQueueUrl }
}

/** A deployment on AWS, with the region and credentials that the SDK finds. */
export function deployedTarget(outputsFile: string): Target {
  const stacks = readJson(outputsFile, z.record(z.string(), outputsSchema), 'Deploy with --outputs-file first.')
  const [outputs] = Object.values(stacks)
  if (outputs === undefined) throw new Error(`${outputsFile} names no stack. Deploy with --outputs-file first.`)
  return { dynamodb: new DynamoDBClient({}), tables: tablesOf(outputs) }
}

function optionsOf({ url, region, credentials }: z.infer<typeof endpointSchema>) {
  return { endpoint: url, region, credentials }
}

/** Where the people of a deployment are, and the stage that its keys are made for. */
export interface Pool {
  readonly id: string
  readonly stage: string
  readonly client: { readonly endpoint?: string; readonly region?: string; readonly credentials?: Credentials }
}
type Credentials = z.infer<typeof endpointSchema>['credentials']

export function localPool(readyFile: string): Pool {
  const { outputs, endpoints } = readJson(readyFile, readyPoolSchema, 'Is `npm start` running?')
  const { url, region, credentials } = endpoints.cognito
  return { id: outputs.UserPoolId, stage: outputs.Stage, client: { endpoint: url, region, credentials } }
}

export function deployedPool(outputsFile: string): Pool {
  const stacks = readJson(outputsFile, z.record(z.string(), poolOutputsSchema), 'Deploy with --outputs-file first.')
  const [outputs] = Object.values(stacks)
  if (outputs === undefined) throw new Error(`${outputsFile} names no stack. Deploy with --outputs-file first.`)
  return { id: outputs.UserPoolId, stage: outputs.Stage, client: {} }
}

function tablesOf(outputs: z.infer<typeof outputsSchema>): Target['tables'] {
  return {
    events: outputs.EventsTableName,
    outcomes: outputs.OutcomesTableName,
    results: outputs.ResultsTableName,
    settings: outputs.SettingsTableName,
  }
}

function readJson<S extends z.ZodMiniType>(file: string, schema: S, hint: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`${file} could not be read as the description of a deployment. ${hint}`, { cause })
  }
}
