// The stage's bucket for daily files and their reports: private, encrypted, over TLS only, every access logged.
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Stage } from './config.ts'

export class DataBucket extends Construct {
  readonly resource: Bucket

  constructor(scope: Construct, id: string, props: { readonly stage: Stage }) {
    super(scope, id)
    const closed = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: props.stage.retention === 'keep' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    }
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...closed,
      objectOwnership: ObjectOwnership.OBJECT_WRITER,
      lifecycleRules: [{ expiration: Duration.days(props.stage.logDays) }],
    })
    this.resource = new Bucket(this, 'Bucket', {
      ...closed,
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(2) }],
    })
  }
}
