// What the tables and buckets promise: nothing is lost by accident, nothing is readable by strangers.
import { describe, expect, it, test } from 'vitest'
import { keyAttributes, outcomesBySource, ttlAttribute } from '../../contract/tables.ts'
import { stageNames } from '../../lib/config.ts'
import { propertiesOf, referenceOf, resourcesOf, templateOf } from './synthesized.ts'

const prod = templateOf('prod')
const tables = resourcesOf(prod, 'AWS::DynamoDB::GlobalTable')
const buckets = resourcesOf(prod, 'AWS::S3::Bucket')

describe('the tables', () => {
  it('are the four of the contract, named by their ids alone', () => {
    expect([...tables.keys()].sort()).toEqual(['EventsTable', 'OutcomesTable', 'ResultsTable', 'SettingsTable'])
  })

  describe.each([...tables.keys()])('%s', (id) => {
    const properties = propertiesOf(prod, id)

    it('has the keys of the contract', () => {
      expect(properties.KeySchema).toEqual([
        { AttributeName: keyAttributes.partition, KeyType: 'HASH' },
        { AttributeName: keyAttributes.sort, KeyType: 'RANGE' },
      ])
    })

    it('is paid by request', () => expect(properties.BillingMode).toBe('PAY_PER_REQUEST'))

    it('is encrypted with a key that costs nothing per request', () =>
      expect(properties.SSESpecification).toEqual({ SSEEnabled: false }))

    it('can be restored to any second', () =>
      expect(properties.Replicas).toEqual([
        expect.objectContaining({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
      ]))
  })

  it('expire items where the contract says that items expire', () => {
    const expiring = [...tables].filter(([, { Properties }]) => Properties.TimeToLiveSpecification !== undefined)
    expect(expiring.map(([id]) => id).sort()).toEqual(['EventsTable', 'OutcomesTable', 'SettingsTable'])
    for (const [, { Properties }] of expiring) {
      expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: ttlAttribute, Enabled: true })
    }
  })

  it('stream the events alone, with what was and what is', () => {
    const streaming = [...tables].filter(([, { Properties }]) => Properties.StreamSpecification !== undefined)
    expect(streaming.map(([id]) => id)).toEqual(['EventsTable'])
    expect(propertiesOf(prod, 'EventsTable').StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' })
  })

  it('have one index, of the outcomes by source, that holds keys only', () => {
    const indexed = [...tables].filter(([, { Properties }]) => Properties.GlobalSecondaryIndexes !== undefined)
    expect(indexed.map(([id]) => id)).toEqual(['OutcomesTable'])
    expect(propertiesOf(prod, 'OutcomesTable').GlobalSecondaryIndexes).toEqual([
      {
        IndexName: outcomesBySource.name,
        KeySchema: [
          { AttributeName: outcomesBySource.partition, KeyType: 'HASH' },
          { AttributeName: outcomesBySource.sort, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ])
  })

  test.each(stageNames)('survive the stack in prod and not elsewhere: %s', (stage) => {
    const template = templateOf(stage)
    const kept = stage === 'prod'
    for (const [id, table] of resourcesOf(template, 'AWS::DynamoDB::GlobalTable')) {
      expect(table.Properties.Replicas, id).toEqual([expect.objectContaining({ DeletionProtectionEnabled: kept })])
      expect([table.DeletionPolicy, table.UpdateReplacePolicy], id).toEqual(Array(2).fill(kept ? 'Retain' : 'Delete'))
    }
    for (const [id, bucket] of resourcesOf(template, 'AWS::S3::Bucket')) {
      expect(bucket.DeletionPolicy, id).toBe(kept ? 'Retain' : 'Delete')
    }
  })
})

interface Statement {
  readonly Action: string | string[]
  readonly Resource: unknown
}

describe('the data bucket', () => {
  it('keeps old versions for a while and drops unfinished uploads', () => {
    const { VersioningConfiguration, LifecycleConfiguration } = propertiesOf(prod, 'DataBucket')
    expect(VersioningConfiguration).toEqual({ Status: 'Enabled' })
    expect(LifecycleConfiguration).toEqual({
      Rules: [
        {
          Status: 'Enabled',
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        },
        { Status: 'Enabled', Prefix: 'incoming/', ExpirationInDays: 21 },
        { Status: 'Enabled', Prefix: 'reports/', ExpirationInDays: 90 },
        { Status: 'Enabled', Prefix: 'work/', ExpirationInDays: 14 },
        {
          Status: 'Enabled',
          Prefix: 'exports/',
          ExpirationInDays: 400,
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        },
      ],
    })
  })

  it('ends what is written under each prefix: no function may write where nothing ends', () => {
    const { Rules: rules } = propertiesOf(prod, 'DataBucket').LifecycleConfiguration as { Rules: { Prefix?: string }[] }
    const ended = rules.flatMap(({ Prefix }) => Prefix ?? [])
    const written = [...resourcesOf(prod, 'AWS::IAM::Policy').values()]
      .flatMap(({ Properties }) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement)
      .filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
      .flatMap(({ Resource }) => [Resource].flat())
      .filter((resource) => JSON.stringify(resource).includes('DataBucket'))
      .map((resource) => /"\/([\w-]+\/)\*"/.exec(JSON.stringify(resource))?.[1])
    expect([...new Set(written)].toSorted()).toEqual(ended.toSorted())
  })

  it('has every access logged into the other bucket, which S3 may write to for it alone', () => {
    const logged = propertiesOf(prod, 'DataBucket').LoggingConfiguration
    const logs = [...buckets.keys()].find((id) => id !== 'DataBucket')
    expect(logged).toEqual({ DestinationBucketName: { Ref: logs } })
    const policy = [...resourcesOf(prod, 'AWS::S3::BucketPolicy').values()].find(
      ({ Properties }) => referenceOf(Properties.Bucket) === logs,
    )
    const allowed = expect.objectContaining({
      Effect: 'Allow',
      Action: 's3:PutObject',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Condition: expect.objectContaining({ ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': ['DataBucket', 'Arn'] } } }),
    })
    expect(policy?.Properties.PolicyDocument).toMatchObject({ Statement: expect.arrayContaining([allowed]) })
  })
})

describe.each([...buckets.keys()])('the bucket %s', (id) => {
  const properties = propertiesOf(prod, id)

  it('is private', () => {
    expect(Object.values(properties.PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true])
    expect(properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] })
  })

  it('is encrypted', () =>
    expect(properties.BucketEncryption).toMatchObject({
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    }))

  it('refuses whoever does not come over TLS', () => {
    const policies = [...resourcesOf(prod, 'AWS::S3::BucketPolicy').values()]
    const policy = policies.find(({ Properties }) => referenceOf(Properties.Bucket) === id)
    const refused = (condition: object) =>
      expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Condition: condition })
    expect(policy?.Properties.PolicyDocument).toMatchObject({
      Statement: expect.arrayContaining([
        refused({ Bool: { 'aws:SecureTransport': 'false' } }),
        refused({ NumericLessThan: { 's3:TlsVersion': 1.2 } }),
      ]),
    })
  })
})

it.each([...resourcesOf(prod, 'AWS::SQS::Queue')])(
  'encrypts what is in %s, which is reached over TLS and kept 14 days',
  (id, queue) => {
    expect(queue.Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 60 * 60 })
    const policies = [...resourcesOf(prod, 'AWS::SQS::QueuePolicy').values()].map(({ Properties }) => Properties)
    const refused = { Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }
    const ofQueue = policies.find(({ Queues }) => referenceOf([Queues].flat()[0]) === id)
    expect(ofQueue?.PolicyDocument).toMatchObject({
      Statement: expect.arrayContaining([expect.objectContaining(refused)]),
    })
  },
)
