// The HTTP API: one route per entry of the contract's list, a throttle of its class on each, an access log that holds
// nothing personal, and one function for everything that no route takes.
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { CfnStage, HttpApi as HttpApiResource, HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { FunctionName } from '../contract/function-name.ts'
import type { Route } from '../contract/route.ts'
import { fallbackFunction, routes } from '../contract/routes.ts'
import type { Stage, Throttle } from './config.ts'
import type { LambdaFunction } from './lambda-function.ts'

type Functions = { readonly [F in FunctionName]: LambdaFunction<F> }

/** Facts about a request and none about a person: no address, no body, no path (it names the org; the route does not). */
const accessLogFormat = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  error: '$context.integrationErrorMessage',
  responseBytes: '$context.responseLength',
}

/** Why a route has no authorizer of API Gateway's own: who checks its callers instead, and what proves that. */
const checkedBy: Readonly<Record<Route['entry']['kind'] | 'fallback', string>> = {
  member:
    'The function checks the token or key and the role: test/runtime/member-check.test.ts, test/handlers/roles.test.ts',
  operator: 'The function checks the token and the group of operators: test/runtime/member-check.test.ts',
  key: "The function checks the org's API key and its scope: test/runtime/key-check.test.ts",
  signature: "The function checks Customer.io's signature: test/handlers/receive-cio-webhook.test.ts",
  open: 'The document of the API is public; the function holds no data and may read none.',
  fallback: 'Answers only that there is no such route; the function holds no data and may read none.',
}

export class HttpApi extends Construct {
  /** Known before the functions are, because some of them must know it. Without a slash at the end. */
  readonly url: string
  readonly #api: HttpApiResource
  readonly #stage: Stage

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id)
    this.#stage = stage
    this.#api = new HttpApiResource(this, 'Api', { apiName: Stack.of(this).stackName, createDefaultStage: false })
    this.url = this.#api.apiEndpoint
  }

  /** Gives every route of the contract its function, and deploys them. */
  serve(functions: Functions): void {
    const [api, stage] = [this.#api, this.#stage]
    // One integration per function, shared by its routes; payload 2.0 is what the handlers read. One permission each, too:
    // a function's policy holds 20 KB, which a permission per route would soon fill.
    const integrations = new Map<FunctionName, HttpLambdaIntegration>()
    const makeRoute = (routeId: string, routeKey: HttpRouteKey, name: FunctionName, checked: string): HttpRoute => {
      const integration = integrations.get(name) ?? integrationOf(name, functions[name])
      integrations.set(name, integration)
      const route = new HttpRoute(this, routeId, { httpApi: api, routeKey, integration })
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: checked })
      // CDK would put the stack's name into the id of a permission for the whole API.
      const permission = route.node.findAll().find((child) => child instanceof CfnPermission)
      permission?.overrideLogicalId(`Invoke${name}`)
      return route
    }
    const made = routes.map(({ method, path, function: name, entry }) =>
      makeRoute(idOf(method, path), HttpRouteKey.with(path, HttpMethod[method]), name, checkedBy[entry.kind]),
    )
    const fallback = makeRoute('Fallback', HttpRouteKey.DEFAULT, fallbackFunction, checkedBy.fallback)
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/apigateway/${Stack.of(this).stackName}`,
      retention: stage.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const { rate, burst } = stage.throttles.console
    const deployed = new CfnStage(this, 'Stage', {
      apiId: api.apiId,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLog.logGroupArn, format: JSON.stringify(accessLogFormat) },
      // Holds for the fallback.
      defaultRouteSettings: { throttlingRateLimit: rate, throttlingBurstLimit: burst },
      routeSettings: Object.fromEntries(
        routes.map(({ method, path, throttle }) => [`${method} ${path}`, limitsOf(stage.throttles[throttle])]),
      ),
    })
    // A stage refuses settings of a route that is not there yet.
    deployed.node.addDependency(fallback, ...made)
  }
}

function integrationOf(name: FunctionName, { resource }: LambdaFunction<FunctionName>): HttpLambdaIntegration {
  return new HttpLambdaIntegration(name, resource, { scopePermissionToRoute: false })
}

/** Spelled as CloudFormation does: CDK hands this map on as it is. */
function limitsOf({ rate, burst }: Throttle) {
  return { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }
}

/** `POST /api/generate/{org}` is `POST-api-generate-org`. */
function idOf(method: string, path: string): string {
  return `${method} ${path}`.match(/[A-Za-z0-9]+/g)?.join('-') ?? method
}
