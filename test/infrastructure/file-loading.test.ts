// How dropped files reach the loader: who tells whom, how long a message is hidden, how many work at once, what is given up.
import { expect, it } from 'vitest'
import { mappingOf, propertiesOf, referenceOf, resourcesOf, templateOf } from './synthesized.ts'

const prod = templateOf('prod')

it('is told of every object that is created under incoming/, however it is uploaded', () => {
  expect(propertiesOf(prod, 'DataBucket').NotificationConfiguration).toEqual({
    QueueConfigurations: [
      {
        Event: 's3:ObjectCreated:*',
        Queue: { 'Fn::GetAtt': ['FileNotices', 'Arn'] },
        Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'incoming/' }] } },
      },
    ],
  })
})

it('lets a page that holds a signed address put a file and read one, and do nothing else', () => {
  expect(propertiesOf(prod, 'DataBucket').CorsConfiguration).toEqual({
    CorsRules: [{ AllowedOrigins: ['*'], AllowedMethods: ['PUT', 'GET'], AllowedHeaders: ['content-type'] }],
  })
})

it('lets S3 of this account send notices, before the bucket is made that will', () => {
  const policies = [...resourcesOf(prod, 'AWS::SQS::QueuePolicy')]
  const [id, policy] =
    policies.find(([, { Properties }]) => referenceOf([Properties.Queues].flat()[0]) === 'FileNotices') ?? []
  expect(policy?.Properties.PolicyDocument).toMatchObject({
    Statement: expect.arrayContaining([
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: { 'Fn::GetAtt': ['FileNotices', 'Arn'] },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]),
  })
  expect(resourcesOf(prod, 'AWS::S3::Bucket').get('DataBucket')).toMatchObject({
    DependsOn: expect.arrayContaining([id]),
  })
})

it('makes no function but those of the contract for it', () => {
  expect([...resourcesOf(prod, 'Custom::S3BucketNotifications').keys()]).toEqual([])
})

it.each([
  ['FileNotices', 'PlanCustomEvents', 5],
  ['FileRanges', 'LoadCustomEvents', 20],
])('feeds from %s the function %s, one message at a time and at most %d at once', (queue, name, atOnce) => {
  const { properties } = mappingOf(prod, name)
  expect(properties).toMatchObject({
    EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
    BatchSize: 1,
    ScalingConfig: { MaximumConcurrency: atOnce },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  })
  const { VisibilityTimeout, RedrivePolicy } = propertiesOf(prod, queue)
  expect(VisibilityTimeout).toBe(Number(propertiesOf(prod, name).Timeout) * 6)
  expect(RedrivePolicy).toEqual({
    maxReceiveCount: 5,
    deadLetterTargetArn: { 'Fn::GetAtt': [`${queue}Failed`, 'Arn'] },
  })
})

it('looks for what was lost every quarter of an hour', () => {
  const [rule] = [...resourcesOf(prod, 'AWS::Events::Rule').values()]
  expect(rule?.Properties).toMatchObject({
    ScheduleExpression: 'rate(15 minutes)',
    Targets: [{ Arn: { 'Fn::GetAtt': ['ReconcileFiles', 'Arn'] } }],
  })
})
