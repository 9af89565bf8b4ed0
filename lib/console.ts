// The console: its files in a private bucket behind a distribution, which hands `/api/*` on to the API. So both are on one
// domain, the API needs no cross-origin setting, and the content policy names hardly anybody.
import { CfnResource, Duration, Fn, RemovalPolicy, Resource, Stack, Validations } from 'aws-cdk-lib'
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Stage } from './config.ts'
import { ConsoleUpload } from './console-upload.ts'

export interface ConsoleProps {
  readonly stage: Stage
  /** Where the API is reached by itself. */
  readonly apiUrl: string
  /** Who signs tokens, and where people sign in. */
  readonly issuer: string
  readonly signInUrl: string
  /** Where files are put and reports are fetched from. */
  readonly bucketUrl: string
}

/** Two years, as browsers' lists ask for. */
const transportSecurity = Duration.days(730)

/** A page of the console has an address without a file: all of them are drawn by the one document. */
const pagesAreTheDocument = `function handler(event) {
  var request = event.request
  if (!/\\.[a-z0-9]+$/i.test(request.uri)) request.uri = '/index.html'
  return request
}`

export class Console extends Construct {
  /** Without a slash at the end. */
  readonly url: string
  readonly #bucket: IBucket
  readonly #stage: Stage

  constructor(scope: Construct, id: string, props: ConsoleProps) {
    super(scope, id)
    const { stage } = props
    this.#stage = stage
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: stage.retention === 'keep' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
    if (!isInterface(bucket)) throw new Error('CDK made a bucket that is none')
    nameAs(bucket.node.defaultChild, 'ConsoleBucket')
    this.#bucket = bucket
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only the distribution reads it, and what it holds is the same for everybody: see the distribution.',
    })
    const edge = new EdgeFunction(this, 'Pages', {
      code: FunctionCode.fromInline(pagesAreTheDocument),
      runtime: FunctionRuntime.JS_2_0,
      comment: 'Answers every page of the console with its one document',
    })
    const distribution = new Distribution(this, 'Distribution', {
      comment: Stack.of(this).stackName,
      defaultRootObject: 'index.html',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: this.#headers(props),
        functionAssociations: [{ function: edge, eventType: FunctionEventType.VIEWER_REQUEST }],
        compress: true,
      },
      additionalBehaviors: {
        '/api/*': {
          origin: new HttpOrigin(hostOf(props.apiUrl)),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        },
      },
    })
    nameAs(distribution.node.defaultChild, 'ConsoleDistribution')
    acknowledgeDistribution(distribution)
    this.url = `https://${distribution.distributionDomainName}`
  }

  /** Puts the built console into the bucket, with what it must know of the stage. */
  upload(configuration: { readonly issuer: string; readonly clientId: string }): void {
    new ConsoleUpload(this, 'Upload', { stage: this.#stage, bucket: this.#bucket, configuration })
  }

  #headers({ issuer, signInUrl, bucketUrl }: ConsoleProps): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: `${Stack.of(this).stackName}-console`,
      securityHeadersBehavior: {
        contentSecurityPolicy: {
          contentSecurityPolicy: contentPolicy([originOf(issuer), originOf(signInUrl), bucketUrl]),
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: { accessControlMaxAge: transportSecurity, includeSubdomains: true, override: true },
      },
      customHeadersBehavior: {
        customHeaders: [
          { header: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=()', override: true },
          { header: 'cross-origin-opener-policy', value: 'same-origin', override: true },
        ],
      },
    })
  }
}

/**
 * Scripts come from our files and from nowhere else; nothing inline runs. Style elements are allowed: the component library
 * writes its variables and breakpoints into them, and text is never written as markup that could hold one.
 */
function contentPolicy(connectTo: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${connectTo.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Of an address that only the deployment knows. */
function originOf(url: string): string {
  return `${Fn.select(0, Fn.split('/', url))}//${hostOf(url)}`
}

function hostOf(url: string): string {
  return Fn.select(2, Fn.split('/', url))
}

function nameAs(resource: unknown, id: string): void {
  if (CfnResource.isCfnResource(resource)) resource.overrideLogicalId(id)
}

function acknowledgeDistribution(distribution: Distribution): void {
  Validations.of(distribution).acknowledge(
    { id: 'AwsSolutions-CFR1', reason: 'Customers work from any country, so none is left out by its place.' },
    {
      id: 'AwsSolutions-CFR2',
      reason: 'The files are public and static; the API behind it has throttles of its own and checks every caller.',
    },
    {
      id: 'AwsSolutions-CFR3',
      reason:
        "Its files are the same for everybody and every call of the API is in the API's own log; a log of addresses would hold personal data for nothing.",
    },
    {
      id: 'AwsSolutions-CFR4',
      reason:
        "Without a domain of the stage's own CloudFront gives its certificate and decides the oldest TLS version.",
    },
  )
}

/** Every Bucket is an IBucket, but CDK's types do not say so under exactOptionalPropertyTypes (`isWebsite`). */
function isInterface(bucket: Bucket): bucket is Bucket & IBucket {
  return Resource.isResource(bucket)
}
