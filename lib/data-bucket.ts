// The stage's bucket for daily files and their reports: private, encrypted, over TLS only, every access logged.
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { FunctionName } from '../contract/function-name.ts'
import { retention } from '../contract/retention.ts'
import type { Stage } from './config.ts'
import type { LambdaFunction } from './lambda-function.ts'

/** An upload by parts that was not finished by then never will be, and its parts cost as if it were. */
const unfinishedUploadDays = 2

type Access = 'GetObject' | 'PutObject' | 'DeleteObject' | 'AbortMultipartUpload'

export class DataBucket extends Construct {
  readonly resource: Bucket
  /** Where a browser that holds a signed address reaches it. */
  readonly url: string
  readonly #logicalId = 'DataBucket'

  constructor(scope: Construct, id: string, props: { readonly stage: Stage }) {
    super(scope, id)
    const { stage } = props
    const { files, reports, work, exportFiles, replacedFiles } = retention
    const closed = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // CloudFormation deletes only an empty bucket: `destroy` needs emptying first, which nothing here does by itself.
      removalPolicy: stage.retention === 'keep' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    }
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...closed,
      lifecycleRules: [{ expiration: Duration.days(stage.logDays) }],
    })
    this.resource = new Bucket(this, 'Bucket', {
      ...closed,
      versioned: true,
      // Any page, because an address that was signed for one object is all that lets anybody in: decision 25.
      cors: [
        { allowedOrigins: ['*'], allowedMethods: [HttpMethods.PUT, HttpMethods.GET], allowedHeaders: ['content-type'] },
      ],
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(unfinishedUploadDays),
          noncurrentVersionExpiration: Duration.days(replacedFiles.keeps.days),
        },
        ...[files, reports, work].map(({ prefix, keeps }) => ({ prefix, expiration: Duration.days(keeps.days) })),
        // Files of exports are deleted because somebody was erased: nothing of them may stay as an older version.
        {
          prefix: exportFiles.prefix,
          expiration: Duration.days(exportFiles.keeps.days),
          noncurrentVersionExpiration: Duration.days(1),
        },
      ],
    })
    this.url = `https://${this.resource.bucketRegionalDomainName}`
    const { defaultChild } = this.resource.node
    if (CfnBucket.isCfnBucket(defaultChild)) {
      defaultChild.overrideLogicalId(this.#logicalId)
      defaultChild.loggingConfiguration = { destinationBucketName: accessLogs.bucketName }
    }
    // By hand: `serverAccessLogsBucket` takes no Bucket under exactOptionalPropertyTypes.
    accessLogs.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [accessLogs.arnForObjects('*')],
        conditions: {
          ArnLike: { 'aws:SourceArn': this.resource.bucketArn },
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
    )
  }

  /** Tells a queue of every object created under a prefix. The queue must let S3 send before the bucket is made. */
  notify(queue: Queue, prefix: string): void {
    const { defaultChild } = this.resource.node
    if (!CfnBucket.isCfnBucket(defaultChild)) throw new Error('The bucket has no resource')
    // By hand: CDK's own way deploys a function that calls S3, with rights over every bucket's notifications.
    defaultChild.notificationConfiguration = {
      queueConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          queue: queue.queueArn,
          filter: { s3Key: { rules: [{ name: 'prefix', value: prefix }] } },
        },
      ],
    }
    const policy = queue.node.tryFindChild('Policy')
    if (policy !== undefined) this.resource.node.addDependency(policy)
  }

  /** Single actions on the objects under one prefix. */
  grant(lambda: LambdaFunction<FunctionName>, prefix: string, actions: readonly Access[]): void {
    lambda.allow(
      actions.map((action) => `s3:${action}`),
      [this.resource.arnForObjects(`${prefix}*`)],
    )
    Validations.of(lambda).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${this.#logicalId}.Arn>/${prefix}*]`,
      reason: 'Objects under a prefix have names that nobody knows beforehand; the prefix is the boundary.',
    })
  }

  /** Without it S3 answers 403 instead of 404 for an object that is not there. */
  grantList(lambda: LambdaFunction<FunctionName>): void {
    lambda.allow(['s3:ListBucket'], [this.resource.bucketArn])
  }
}
