// Who may do what, action by action: the whole list, so that a new grant is read by somebody.
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import * as environments from '../../contract/environments.ts'
import { stageNames } from '../../lib/config.ts'
import { propertiesOf, referenceOf, resourcesOf, type Template, templateOf } from './synthesized.ts'

const text = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((value) => [value].flat()),
)
const resources = z.pipe(
  z.unknown(),
  z.transform((value) => [value].flat()),
)
const statementSchema = z.object({ Effect: z.literal('Allow'), Action: text, Resource: resources })
const policySchema = z.object({
  PolicyDocument: z.object({ Statement: z.array(statementSchema) }),
  Roles: z.array(z.unknown()),
})

const template = templateOf('prod')

/** What a function's role allows: `dynamodb:PutItem EventsTable.Arn`. */
function grantsOf(stack: Template, name: string): string[] {
  const role = referenceOf(propertiesOf(stack, name).Role)?.replace(/\.Arn$/, '')
  const policies = [...resourcesOf(stack, 'AWS::IAM::Policy').values()]
    .map(({ Properties }) => policySchema.parse(Properties))
    .filter(({ Roles }) => Roles.some((one) => referenceOf(one) === role))
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) => Action.flatMap((action) => Resource.map((one) => `${action} ${nameOf(one)}`)))
    .map((grant) => grant.replace(/(\w+?)(Logs)[0-9A-F]{8}\.Arn$/, '$1$2'))
    .map((grant) => grant.replace(/MeasurementFailures[0-9A-F]{8}/, 'Failures'))
    .map((grant) => grant.replace(/Alerting(Deliveries(?:Failed)?)[0-9A-F]{8}/, '$1'))
    .map((grant) => grant.replace(/ExportingExports[0-9A-F]{8}/, 'Exports'))
    .map((grant) => grant.replace(/RestatingRestatements[0-9A-F]{8}/, 'Restatements'))
    .sort()
}

function nameOf(resource: unknown): string {
  const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).safeParse(resource)
  if (!joined.success) return referenceOf(resource) ?? JSON.stringify(resource)
  return joined.data['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : referenceOf(part))).join('')
}

const logs = (name: string) => [`logs:CreateLogStream ${name}Logs`, `logs:PutLogEvents ${name}Logs`]
const secretArn = 'arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret'
const secretsOf = (stage: string, ...actions: string[]) =>
  actions.map((action) => `secretsmanager:${action} ${secretArn}:justai/${stage}/orgs/*`)

const consumes = (queue: string) =>
  ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map((action) => `sqs:${action} ${queue}.Arn`)

it('lets each function do what its code does and nothing else', () => {
  const allowed = Object.fromEntries(Object.keys(environments).map((name) => [name, grantsOf(template, name)]))
  expect(allowed).toEqual({
    GenerateCopy: [
      'dynamodb:GetItem EventsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem EventsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:UpdateItem SettingsTable.Arn',
      ...logs('GenerateCopy'),
    ],
    ReceiveCioWebhook: [
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem EventsTable.Arn',
      'dynamodb:Query EventsTable.Arn',
      ...logs('ReceiveCioWebhook'),
      ...secretsOf('prod', 'GetSecretValue'),
    ],
    ReceiveCustomEvents: [
      'dynamodb:BatchGetItem EventsTable.Arn',
      'dynamodb:BatchWriteItem EventsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem EventsTable.Arn',
      'dynamodb:UpdateItem SettingsTable.Arn',
      ...logs('ReceiveCustomEvents'),
    ],
    MeasureOutcomes: [
      'dynamodb:BatchGetItem OutcomesTable.Arn',
      'dynamodb:BatchGetItem SettingsTable.Arn',
      'dynamodb:BatchWriteItem EventsTable.Arn',
      'dynamodb:DeleteItem OutcomesTable.Arn',
      'dynamodb:DescribeStream EventsTable.StreamArn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:GetRecords EventsTable.StreamArn',
      'dynamodb:GetShardIterator EventsTable.StreamArn',
      'dynamodb:ListStreams EventsTable.StreamArn',
      'dynamodb:PutItem OutcomesTable.Arn',
      'dynamodb:Query EventsTable.Arn',
      'dynamodb:Query OutcomesTable.Arn',
      'dynamodb:UpdateItem ResultsTable.Arn',
      ...logs('MeasureOutcomes'),
      'sqs:SendMessage Failures.Arn',
    ],
    RemeasureOutcomes: [
      'dynamodb:BatchGetItem OutcomesTable.Arn',
      'dynamodb:BatchGetItem SettingsTable.Arn',
      'dynamodb:BatchWriteItem EventsTable.Arn',
      'dynamodb:DeleteItem OutcomesTable.Arn',
      'dynamodb:DeleteItem SettingsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem OutcomesTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query EventsTable.Arn',
      'dynamodb:Query OutcomesTable.Arn',
      'dynamodb:Query OutcomesTable.Arn/index/bySource',
      'dynamodb:Query ResultsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:UpdateItem ResultsTable.Arn',
      ...logs('RemeasureOutcomes'),
      'sqs:DeleteMessage Restatements.Arn',
      'sqs:GetQueueAttributes Restatements.Arn',
      'sqs:ReceiveMessage Restatements.Arn',
      'sqs:SendMessage Restatements.Arn',
    ],
    RecountResults: [
      'dynamodb:BatchGetItem OutcomesTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query EventsTable.Arn',
      'dynamodb:Query ResultsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:Scan EventsTable.Arn',
      'dynamodb:Scan OutcomesTable.Arn',
      'dynamodb:Scan ResultsTable.Arn',
      'dynamodb:Scan SettingsTable.Arn',
      ...logs('RecountResults'),
      's3:GetObject DataBucket.Arn/work/*',
      's3:PutObject DataBucket.Arn/work/*',
    ],
    UpdateAllocations: [
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query ResultsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:Scan SettingsTable.Arn',
      ...logs('UpdateAllocations'),
    ],
    ReadResults: [
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:Query ResultsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:UpdateItem SettingsTable.Arn',
      ...logs('ReadResults'),
    ],
    Manage: [
      'dynamodb:BatchGetItem EventsTable.Arn',
      'dynamodb:BatchGetItem OutcomesTable.Arn',
      'dynamodb:DeleteItem EventsTable.Arn',
      'dynamodb:DeleteItem SettingsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem EventsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query EventsTable.Arn',
      'dynamodb:Query OutcomesTable.Arn',
      'dynamodb:Query OutcomesTable.Arn/index/bySource',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:UpdateItem SettingsTable.Arn',
      ...logs('Manage'),
      ...secretsOf('prod', 'CreateSecret', 'GetSecretValue', 'PutSecretValue'),
      'sqs:SendMessage Restatements.Arn',
    ],
    CheckSetup: [
      'dynamodb:BatchGetItem EventsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem EventsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query EventsTable.Arn',
      'dynamodb:Query ResultsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:UpdateItem SettingsTable.Arn',
      ...logs('CheckSetup'),
      ...secretsOf('prod', 'GetSecretValue'),
    ],
    ErasePerson: [
      'dynamodb:BatchGetItem EventsTable.Arn',
      'dynamodb:BatchWriteItem EventsTable.Arn',
      'dynamodb:DeleteItem EventsTable.Arn',
      'dynamodb:DeleteItem OutcomesTable.Arn',
      'dynamodb:DeleteItem SettingsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem OutcomesTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query EventsTable.Arn',
      'dynamodb:Query OutcomesTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:UpdateItem SettingsTable.Arn',
      ...logs('ErasePerson'),
      's3:DeleteObject DataBucket.Arn/reports/*',
      's3:DeleteObject DataBucket.Arn/work/*',
      's3:GetObject DataBucket.Arn/reports/*',
      's3:GetObject DataBucket.Arn/work/*',
      's3:ListBucket DataBucket.Arn',
      's3:PutObject DataBucket.Arn/reports/*',
      's3:PutObject DataBucket.Arn/work/*',
    ],
    PlanCustomEvents: [
      'dynamodb:BatchWriteItem SettingsTable.Arn',
      'dynamodb:DeleteItem SettingsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      ...logs('PlanCustomEvents'),
      's3:AbortMultipartUpload DataBucket.Arn/reports/*',
      's3:DeleteObject DataBucket.Arn/reports/*',
      's3:GetObject DataBucket.Arn/incoming/*',
      's3:GetObject DataBucket.Arn/reports/*',
      's3:GetObject DataBucket.Arn/work/*',
      's3:ListBucket DataBucket.Arn',
      's3:PutObject DataBucket.Arn/reports/*',
      's3:PutObject DataBucket.Arn/work/*',
      ...consumes('FileNotices'),
      'sqs:SendMessage FileNotices.Arn',
      'sqs:SendMessage FileRanges.Arn',
    ].toSorted(),
    LoadCustomEvents: [
      'dynamodb:BatchGetItem EventsTable.Arn',
      'dynamodb:BatchWriteItem EventsTable.Arn',
      'dynamodb:DeleteItem SettingsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem EventsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      ...logs('LoadCustomEvents'),
      's3:GetObject DataBucket.Arn/incoming/*',
      's3:GetObject DataBucket.Arn/work/*',
      's3:ListBucket DataBucket.Arn',
      's3:PutObject DataBucket.Arn/work/*',
      ...consumes('FileRanges'),
      'sqs:SendMessage FileNotices.Arn',
      'sqs:SendMessage FileRanges.Arn',
    ].toSorted(),
    ReconcileFiles: [
      'dynamodb:DeleteItem SettingsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      ...logs('ReconcileFiles'),
      's3:ListBucket DataBucket.Arn',
      'sqs:GetQueueAttributes FileRanges.Arn',
      'sqs:SendMessage FileNotices.Arn',
      'sqs:SendMessage FileRanges.Arn',
    ],
    ServeImports: [
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:UpdateItem SettingsTable.Arn',
      ...logs('ServeImports'),
      's3:GetObject DataBucket.Arn/reports/*',
      's3:PutObject DataBucket.Arn/incoming/*',
      'sqs:SendMessage FileNotices.Arn',
    ],
    ExportDays: [
      'dynamodb:BatchGetItem OutcomesTable.Arn',
      'dynamodb:BatchGetItem SettingsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query EventsTable.Arn',
      'dynamodb:Query OutcomesTable.Arn',
      'dynamodb:Query OutcomesTable.Arn/index/bySource',
      'dynamodb:Query ResultsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:Scan SettingsTable.Arn',
      ...logs('ExportDays'),
      's3:DeleteObject DataBucket.Arn/exports/*',
      's3:GetObject DataBucket.Arn/exports/*',
      's3:ListBucket DataBucket.Arn',
      's3:PutObject DataBucket.Arn/exports/*',
      ...consumes('Exports'),
      'sqs:SendMessage Exports.Arn',
    ].toSorted(),
    ServeExports: [
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      ...logs('ServeExports'),
      's3:GetObject DataBucket.Arn/exports/*',
    ],
    WatchCustomerio: [
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:Scan SettingsTable.Arn',
      ...logs('WatchCustomerio'),
      ...secretsOf('prod', 'GetSecretValue'),
    ],
    EvaluateAlerts: [
      'dynamodb:BatchGetItem OutcomesTable.Arn',
      'dynamodb:DeleteItem SettingsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query EventsTable.Arn',
      'dynamodb:Query OutcomesTable.Arn/index/bySource',
      'dynamodb:Query ResultsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      'dynamodb:Scan SettingsTable.Arn',
      ...logs('EvaluateAlerts'),
      'sqs:SendMessage Deliveries.Arn',
    ],
    DeliverAlerts: [
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      ...logs('DeliverAlerts'),
      `secretsmanager:GetSecretValue ${secretArn}:justai/prod/alerts/*`,
      ...consumes('Deliveries'),
      'sqs:SendMessage Deliveries.Arn',
      'sqs:SendMessage DeliveriesFailed.Arn',
    ].toSorted(),
    ServeAlerts: [
      'dynamodb:DeleteItem SettingsTable.Arn',
      'dynamodb:GetItem SettingsTable.Arn',
      'dynamodb:PutItem SettingsTable.Arn',
      'dynamodb:Query SettingsTable.Arn',
      ...logs('ServeAlerts'),
      `secretsmanager:CreateSecret ${secretArn}:justai/prod/alerts/*`,
      `secretsmanager:DeleteSecret ${secretArn}:justai/prod/alerts/*`,
      `secretsmanager:PutSecretValue ${secretArn}:justai/prod/alerts/*`,
      'sqs:SendMessage Deliveries.Arn',
    ],
    DescribeApi: logs('DescribeApi'),
  })
})

it.each(stageNames)('uses no wildcard in %s but for secrets of orgs and for objects under a prefix', (stage) => {
  const grants = Object.keys(environments).flatMap((name) => grantsOf(templateOf(stage), name))
  const wild = grants.filter((grant) => /[*?]/.test(grant))
  const others = wild.filter((grant) => !/^s3:\w+ DataBucket\.Arn\/(incoming|work|reports|exports)\/\*$/.test(grant))
  const secrets = [
    ...secretsOf(stage, 'GetSecretValue'),
    `secretsmanager:GetSecretValue ${secretArn}:justai/${stage}/alerts/*`,
    ...secretsOf(stage, 'GetSecretValue'),
    ...secretsOf(stage, 'CreateSecret', 'GetSecretValue', 'PutSecretValue'),
    ...secretsOf(stage, 'GetSecretValue'),
    `secretsmanager:CreateSecret ${secretArn}:justai/${stage}/alerts/*`,
    `secretsmanager:DeleteSecret ${secretArn}:justai/${stage}/alerts/*`,
    `secretsmanager:PutSecretValue ${secretArn}:justai/${stage}/alerts/*`,
  ]
  expect(others.toSorted()).toEqual(secrets.toSorted())
})

it('gives no role a managed policy, a policy within, or another assumer than Lambda', () => {
  const roles = [...resourcesOf(template, 'AWS::IAM::Role').values()]
  // One more is that of CDK's own function, which uploads the console.
  expect(roles).toHaveLength(Object.keys(environments).length + 1)
  for (const { Properties } of roles) {
    expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument'])
    expect(Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
    })
  }
})

it('shares no role between functions', () => {
  const roles = Object.keys(environments).map((name) => referenceOf(propertiesOf(template, name).Role))
  expect(new Set(roles).size).toBe(roles.length)
})
