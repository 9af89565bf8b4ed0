// The resource types that the local deployment knows, and what Ref and Fn::GetAtt of each give.
import { createHash } from 'node:crypto'
import type { Json } from '../json.ts'
import { ACCOUNT_ID, REGION } from './intrinsics.ts'

/** What only the running deployment knows. */
export type World = {
  readonly apiUrl: string
  /** Where the distribution is served. */
  readonly consoleUrl: string
  readonly gateUrl: string
  /** Where the people of a user pool sign in. */
  readonly signInUrl: string
  /** The stream's ARN as AWS would shape it; known once the table exists. */
  readonly streamArn: (tableName: string) => string
  /** Address of a third party -> where its stand-in listens. */
  readonly standIns: ReadonlyMap<string, string>
  /** Parameters that are given another value than their default, by name. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

export type Named = { readonly id: string; readonly name: string; readonly world: World }
type ResourceType = {
  /** The property that names it, if the template chose a name. */
  readonly nameProperty?: string
  readonly maxNameLength?: number
  readonly lowerCase?: true
  readonly ref?: (named: Named) => Json
  readonly attributes?: Readonly<Record<string, (named: Named) => Json>>
}

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`
const shortId = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length)

/** The ARN of a secret: AWS appends six characters to its name. */
export const secretArn = (name: string): string => arn('secretsmanager', `secret:${name}-${shortId(name, 6)}`)
export const queueArn = (name: string): string => arn('sqs', name)
export const tableArn = (name: string): string => arn('dynamodb', `table/${name}`)
export const functionArn = (name: string): string => arn('lambda', `function:${name}`)
const userPoolId = (logicalId: string): string => `${REGION}_${shortId(logicalId, 9)}`
/** `127.0.0.1:4101` of `http://127.0.0.1:4101`. */
const hostOf = (url: string): string => url.replace(/^\w+:\/\//, '')
export const apiId = (logicalId: string): string => shortId(logicalId, 10)

const table: ResourceType = {
  nameProperty: 'TableName',
  attributes: {
    Arn: ({ name }) => tableArn(name),
    StreamArn: ({ name, world }) => world.streamArn(name),
    TableId: ({ name }) => shortId(name, 36),
  },
}
const accepted: ResourceType = {}
const withArn = (nameProperty: string, service: string, prefix: string): ResourceType => ({
  nameProperty,
  attributes: { Arn: ({ name }) => arn(service, `${prefix}${name}`) },
})

export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    maxNameLength: 63,
    lowerCase: true,
    attributes: {
      Arn: ({ name }) => `arn:aws:s3:::${name}`,
      DomainName: ({ name }) => `${name}.s3.amazonaws.com`,
      RegionalDomainName: ({ name }) => `${name}.s3.${REGION}.amazonaws.com`,
    },
  },
  'AWS::S3::BucketPolicy': accepted,
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    maxNameLength: 80,
    ref: ({ name, world }) => `${world.gateUrl}/${ACCOUNT_ID}/${name}`,
    attributes: {
      Arn: ({ name }) => queueArn(name),
      QueueName: ({ name }) => name,
      QueueUrl: ({ name, world }) => `${world.gateUrl}/${ACCOUNT_ID}/${name}`,
    },
  },
  'AWS::SQS::QueuePolicy': accepted,
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    maxNameLength: 64,
    attributes: { Arn: ({ name }) => functionArn(name) },
  },
  'AWS::Lambda::Permission': accepted,
  'AWS::Lambda::EventSourceMapping': accepted,
  'AWS::Lambda::EventInvokeConfig': accepted,
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    maxNameLength: 64,
    attributes: {
      Arn: ({ name }) => `arn:aws:iam::${ACCOUNT_ID}:role/${name}`,
      RoleId: ({ name }) => shortId(name, 21),
    },
  },
  'AWS::IAM::Policy': accepted,
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    attributes: { Arn: ({ name }) => arn('logs', `log-group:${name}:*`) },
  },
  'AWS::Logs::MetricFilter': accepted,
  'AWS::ApiGatewayV2::Api': {
    ref: ({ id }) => apiId(id),
    attributes: { ApiEndpoint: ({ world }) => world.apiUrl, ApiId: ({ id }) => apiId(id) },
  },
  'AWS::ApiGatewayV2::Stage': { nameProperty: 'StageName' },
  'AWS::ApiGatewayV2::Route': accepted,
  'AWS::ApiGatewayV2::Integration': accepted,
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    ref: ({ name }) => secretArn(name),
    attributes: { Id: ({ name }) => secretArn(name) },
  },
  'AWS::Cognito::UserPool': {
    ref: ({ id }) => userPoolId(id),
    attributes: {
      Arn: ({ id }) => arn('cognito-idp', `userpool/${userPoolId(id)}`),
      ProviderName: ({ world }) => world.signInUrl.replace(/^https?:\/\//, ''),
      ProviderURL: ({ world }) => world.signInUrl,
      UserPoolId: ({ id }) => userPoolId(id),
    },
  },
  'AWS::Cognito::UserPoolClient': { ref: ({ id }) => shortId(id, 26) },
  'AWS::Cognito::UserPoolDomain': { nameProperty: 'Domain' },
  'AWS::Cognito::UserPoolGroup': accepted,
  'AWS::Events::Rule': withArn('Name', 'events', 'rule/'),
  'AWS::Scheduler::Schedule': withArn('Name', 'scheduler', 'schedule/default/'),
  'AWS::CloudWatch::Alarm': withArn('AlarmName', 'cloudwatch', 'alarm:'),
  'AWS::CloudWatch::CompositeAlarm': withArn('AlarmName', 'cloudwatch', 'alarm:'),
  'AWS::CloudWatch::Dashboard': accepted,
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    ref: ({ name }) => arn('sns', name),
    attributes: { TopicArn: ({ name }) => arn('sns', name), TopicName: ({ name }) => name },
  },
  'AWS::SNS::TopicPolicy': accepted,
  'AWS::SNS::Subscription': accepted,
  'AWS::CDK::Metadata': accepted,
  'AWS::CloudFront::Distribution': {
    ref: ({ id }) => shortId(id, 14).toUpperCase(),
    attributes: { DomainName: ({ world }) => hostOf(world.consoleUrl), Id: ({ id }) => shortId(id, 14).toUpperCase() },
  },
  'AWS::CloudFront::Function': {
    nameProperty: 'Name',
    attributes: { FunctionARN: ({ name }) => `arn:aws:cloudfront::${ACCOUNT_ID}:function/${name}` },
  },
  'AWS::CloudFront::OriginAccessControl': { attributes: { Id: ({ id }) => shortId(id, 14).toUpperCase() } },
  'AWS::CloudFront::ResponseHeadersPolicy': accepted,
  'AWS::Lambda::LayerVersion': accepted,
  'Custom::CDKBucketDeployment': accepted,
  'Custom::S3BucketNotifications': accepted,
  'Custom::S3AutoDeleteObjects': accepted,
}
