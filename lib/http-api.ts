// The HTTP API: one route per entry of the contract's list, a throttle of its class on each, an access log that holds
// nothing personal, and one function for everything that no route takes.
import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnStage, HttpApi as HttpApiResource, HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { FunctionName } from '../contract/environments.ts'
import { fallbackFunction, routes } from '../contract/routes.ts'
import type { Stage } from './config.ts'
import type { LambdaFunction } from './lambda-function.ts'

export interface HttpApiProps {
  readonly stage: Stage
  /** The functions that the routes name. */
  readonly functions: Readonly<Record<string, LambdaFunction<FunctionName>>>
}

/** Facts about a request and none about a person: no address, no body, no path (it names the org; the route does not). */
const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  error: '$context.integrationErrorMessage',
  responseBytes: '$context.responseLength',
})

export class HttpApi extends Construct {
  readonly url: string

  constructor(scope: Construct, id: string, { stage, functions }: HttpApiProps) {
    super(scope, id)
    const api = new HttpApiResource(this, 'Api', {
      apiName: Stack.of(this).stackName,
      createDefaultStage: false,
    })
    const integrations = new Map<string, HttpLambdaIntegration>()
    const integrationOf = (name: FunctionName) => {
      const target = functions[name]
      if (target === undefined) throw new Error(`A route names ${name}, which the stack does not make`)
      const known = integrations.get(name) ?? new HttpLambdaIntegration(name, target.resource)
      integrations.set(name, known)
      return known
    }
    const made = routes.map((route) => {
      const key = HttpRouteKey.with(route.path, HttpMethod[route.method])
      const name = `${route.method} ${route.path}`
        .replaceAll(/[^A-Za-z0-9]+/g, ' ')
        .trim()
        .replaceAll(' ', '-')
      const resource = new HttpRoute(this, name, {
        httpApi: api,
        routeKey: key,
        integration: integrationOf(route.function),
      })
      return { key: key.key, throttle: route.throttle, resource }
    })
    const fallback = new HttpRoute(this, 'Fallback', {
      httpApi: api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: integrationOf(fallbackFunction),
    })
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/apigateway/${Stack.of(this).stackName}`,
      retention: stage.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const settingsOf = (throttle: keyof Stage['throttles']) => ({
      ThrottlingRateLimit: stage.throttles[throttle].rate,
      ThrottlingBurstLimit: stage.throttles[throttle].burst,
    })
    const deployed = new CfnStage(this, 'Stage', {
      apiId: api.apiId,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLog.logGroupArn, format: accessLogFormat },
      defaultRouteSettings: {
        throttlingRateLimit: stage.throttles.console.rate,
        throttlingBurstLimit: stage.throttles.console.burst,
      },
      routeSettings: Object.fromEntries(made.map(({ key, throttle }) => [key, settingsOf(throttle)])),
    })
    deployed.node.addDependency(fallback, ...made.map(({ resource }) => resource))
    this.url = api.apiEndpoint
  }
}
