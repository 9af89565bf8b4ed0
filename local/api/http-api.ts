// The template's HTTP API as data: routes, limits, CORS and the access log's format. Its server is server.ts.
import { findNumber, findText, isRecord, type JsonRecord, recordAt, textAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import { apiId } from '../template/resource-types.ts'
import type { Resource, Stack } from '../template/stack.ts'
import { type Cors, makeCors } from './cors.ts'
import type { Route } from './routes.ts'
import type { Limit } from './throttle.ts'

export type HttpApi = {
  readonly apiId: string
  readonly stage: string
  readonly routes: readonly Route[]
  readonly limitOf: (routeKey: string) => Limit | undefined
  readonly cors: Cors | undefined
  readonly logFormat: string | undefined
  /** Whether the template lets API Gateway invoke this function. */
  readonly mayInvoke: (functionName: string) => boolean
}

const DEFAULT_TIMEOUT_MS = 30_000

const functionNameIn = (uri: string): string | undefined => /:function:([^/:]+)/.exec(uri)?.[1]

const limitIn = (settings: JsonRecord): Limit | undefined => {
  const [ratePerSecond, burst] = [
    findNumber(settings, 'ThrottlingRateLimit'),
    findNumber(settings, 'ThrottlingBurstLimit'),
  ]
  return ratePerSecond === undefined && burst === undefined
    ? undefined
    : { ratePerSecond: ratePerSecond ?? 10_000, burst: burst ?? 5_000 }
}

const permittedFunctions = (stack: Stack, id: string): Set<string> =>
  new Set(
    stack
      .of('AWS::Lambda::Permission')
      .filter(({ properties }) => textAt(properties, 'Principal') === 'apigateway.amazonaws.com')
      .filter(({ properties }) => (findText(properties, 'SourceArn') ?? id).includes(id))
      .map(({ properties }) => textAt(properties, 'FunctionName').split(':').at(-1) ?? ''),
  )

const routeOf = ({ id, properties }: Resource, integrations: ReadonlyMap<string, Resource>): Route => {
  const integration = integrations.get(textAt(properties, 'Target').replace(/^integrations\//, ''))
  const functionName = functionNameIn(textAt(integration?.properties, 'IntegrationUri'))
  if (functionName === undefined)
    throw new LocalProblem(
      `The route ${id} leads to no Lambda function; the local deployment serves no other integrations.`,
    )
  if (findText(integration?.properties, 'PayloadFormatVersion') === '1.0')
    throw new LocalProblem(`The route ${id} uses payload format 1.0; the local deployment speaks 2.0 only.`)
  const authorization = findText(properties, 'AuthorizationType') ?? 'NONE'
  if (authorization !== 'NONE')
    throw new LocalProblem(
      `The route ${id} has the authorization ${authorization}, which the local deployment cannot check.`,
    )
  return {
    key: textAt(properties, 'RouteKey'),
    functionName,
    timeoutMs: findNumber(integration?.properties, 'TimeoutInMillis') ?? DEFAULT_TIMEOUT_MS,
  }
}

/** Reads the stack's API; undefined when it has none, LocalProblem when it has several. */
export const findHttpApi = (stack: Stack): HttpApi | undefined => {
  const apis = stack.of('AWS::ApiGatewayV2::Api')
  const [api] = apis
  if (api === undefined) return undefined
  if (apis.length > 1)
    throw new LocalProblem(`The template has ${apis.length} HTTP APIs; the local deployment serves exactly one.`)
  const integrations = new Map(
    stack.of('AWS::ApiGatewayV2::Integration').map((integration) => [integration.name, integration]),
  )
  const stage = stack.of('AWS::ApiGatewayV2::Stage')[0]
  const permitted = permittedFunctions(stack, apiId(api.id))
  const cors = api.properties.CorsConfiguration
  const byDefault = limitIn(recordAt(stage?.properties, 'DefaultRouteSettings'))
  return {
    apiId: apiId(api.id),
    stage: stage?.name ?? '$default',
    routes: stack.of('AWS::ApiGatewayV2::Route').map((route) => routeOf(route, integrations)),
    limitOf: (routeKey) => limitIn(recordAt(stage?.properties, 'RouteSettings', routeKey)) ?? byDefault,
    cors: isRecord(cors) ? makeCors(cors) : undefined,
    logFormat: findText(stage?.properties, 'AccessLogSettings', 'Format'),
    mayInvoke: (functionName) => permitted.has(functionName),
  }
}
