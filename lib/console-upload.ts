// Puts the console's files into its bucket when the stack is deployed, and writes `/config.json` beside them. CDK's own
// deployment function does it, for which nothing else of the stack has a use.
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment'
import { Construct } from 'constructs'
import type { Stage } from './config.ts'
import { consoleFiles } from './console-files.ts'

export interface ConsoleUploadProps {
  readonly stage: Stage
  readonly bucket: IBucket
  readonly configuration: Readonly<Record<string, string>>
}

/** Files named by their content never change; the document and the configuration are asked for every time. */
const byContent = 'assets/*'
/** What Vite notes for tools. */
const notes = '.vite/*'
const oneYear = Duration.days(365)

export class ConsoleUpload extends Construct {
  constructor(scope: Construct, id: string, { stage, bucket, configuration }: ConsoleUploadProps) {
    super(scope, id)
    const files = Source.asset(consoleFiles())
    const logGroup = new LogGroup(this, 'Logs', { retention: stage.logDays, removalPolicy: RemovalPolicy.DESTROY })
    // Made here, so that it has no managed policy.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    const actions = ['logs:CreateLogStream', 'logs:PutLogEvents']
    role.addToPolicy(new PolicyStatement({ actions, resources: [logGroup.logGroupArn] }))
    // Files of the version before stay (`prune`): a page that is open still loads its parts.
    const common = { destinationBucket: bucket, prune: false, role, logGroup }
    const assets = new BucketDeployment(this, 'Assets', {
      ...common,
      sources: [files],
      exclude: ['*'],
      include: [byContent],
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(oneYear), CacheControl.immutable()],
    })
    const document = new BucketDeployment(this, 'Document', {
      ...common,
      sources: [files, Source.jsonData('config.json', configuration)],
      exclude: [byContent, notes],
      cacheControl: [CacheControl.noCache()],
    })
    // The document names files that must be there first.
    document.node.addDependency(assets)
    this.#acknowledge(role)
  }

  #acknowledge(role: Role): void {
    const grants = ['GetBucket*', 'GetObject*', 'List*', 'Abort*', 'DeleteObject*'].map(
      (action) => `Action::s3:${action}`,
    )
    const places = [
      'Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*',
      'Resource::<ConsoleBucket.Arn>/*',
    ]
    Validations.of(role).acknowledge(
      ...[...grants, ...places].map((finding) => ({
        id: `AwsSolutions-IAM5[${finding}]`,
        reason:
          "CDK's grants to its own deployment function: read what was uploaded for the deployment, write the console.",
      })),
    )
    const provider = Stack.of(this).node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'))
    if (provider === undefined) throw new Error('CDK made no function that uploads the console')
    Validations.of(provider).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'CDK writes this function and chooses its runtime; it runs during deployments and never for a request.',
    })
  }
}
