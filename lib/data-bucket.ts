// The stage's bucket for daily files and their reports: private, encrypted, over TLS only, every access logged.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Stage } from './config.ts'

/** How long an overwritten or deleted file can be had back. Files name people, so not for ever. */
const oldVersionDays = 30
/** An upload by parts that was not finished by then never will be, and its parts cost as if it were. */
const unfinishedUploadDays = 2

export class DataBucket extends Construct {
  readonly resource: Bucket

  constructor(scope: Construct, id: string, props: { readonly stage: Stage }) {
    super(scope, id)
    const { stage } = props
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
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(unfinishedUploadDays),
          noncurrentVersionExpiration: Duration.days(oldVersionDays),
        },
      ],
    })
    const { defaultChild } = this.resource.node
    if (CfnBucket.isCfnBucket(defaultChild)) {
      defaultChild.overrideLogicalId('DataBucket')
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
}
