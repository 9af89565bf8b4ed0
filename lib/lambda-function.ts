// One deployed handler: its bundle, its typed environment, its log group and a role that may do nothing yet but log.
import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as LambdaFunctionResource, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Environment, FunctionName } from '../contract/function-name.ts'
import { bundle } from './bundle.ts'
import type { Stage } from './config.ts'

export interface LambdaFunctionProps<F extends FunctionName> {
  readonly stage: Stage
  readonly environment: Omit<Environment<F>, 'STAGE'>
  readonly description: string
  readonly timeoutSeconds: number
}

export class LambdaFunction<F extends FunctionName> extends Construct {
  readonly name: F
  readonly timeoutSeconds: number
  readonly resource: LambdaFunctionResource

  constructor(scope: Construct, name: F, props: LambdaFunctionProps<F>) {
    super(scope, name)
    this.name = name
    this.timeoutSeconds = props.timeoutSeconds
    const { stage } = props
    const reserved = stage.reservedConcurrency[name]
    const functionName = `${Stack.of(this).stackName}-${name}`
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    // A role made here has no managed policy; AWSLambdaBasicExecutionRole would let it write to every log group.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    this.resource = new LambdaFunctionResource(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundle(entryOf(name)).folder),
      memorySize: stage.memoryMb[name],
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
      role,
      logGroup,
      environment: { STAGE: stage.name, ...props.environment },
    })
    // A function that kept its name under another logical id could not be deployed: the old one would still hold the name.
    const { defaultChild } = this.resource.node
    if (CfnResource.isCfnResource(defaultChild)) defaultChild.overrideLogicalId(name)
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn])
  }

  /** Lets the function do these things to these resources, named one by one. */
  allow(actions: readonly string[], resources: readonly string[]): void {
    this.resource.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }))
  }
}

/** Any of the deployed functions. */
export type AnyFunction = Pick<LambdaFunction<FunctionName>, 'name' | 'resource' | 'timeoutSeconds'>

/** Where a function's handler is: `ReceiveCioWebhook` is `receive-cio-webhook.ts`. */
export function entryOf(name: FunctionName): string {
  const file = name.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
  return `lambdas/handlers/${file}.ts`
}
