// One deployed handler: its bundle, its typed environment, its log group and a role that may do nothing yet.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as LambdaFunctionResource, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Environment, FunctionName } from '../contract/environments.ts'
import { bundle } from './bundle.ts'
import type { Stage } from './config.ts'

export interface LambdaFunctionProps<F extends FunctionName> {
  readonly stage: Stage
  readonly name: F
  readonly environment: Omit<Environment<F>, 'STAGE'>
  readonly description: string
  readonly memoryMb: number
  readonly timeoutSeconds: number
}

export class LambdaFunction<F extends FunctionName> extends Construct {
  readonly resource: LambdaFunctionResource
  readonly logGroup: LogGroup

  constructor(scope: Construct, id: string, props: LambdaFunctionProps<F>) {
    super(scope, id)
    const { stage, name } = props
    const functionName = `${Stack.of(this).stackName}-${name}`
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    )
    const { folder } = bundle(`lambdas/handlers/${kebab(name)}.ts`)
    this.resource = new LambdaFunctionResource(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(folder),
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role,
      logGroup: this.logGroup,
      environment: { STAGE: stage.name, ...props.environment },
    })
  }

  /** Lets the function do these things to these resources, named one by one. */
  allow(actions: readonly string[], resources: readonly string[]): void {
    this.resource.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }))
  }
}

/** `ReceiveCioWebhook` lives in `receive-cio-webhook.ts`. */
function kebab(name: string): string {
  return name.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
}
