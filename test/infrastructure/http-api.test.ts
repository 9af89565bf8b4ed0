// What the API serves, how much of it, and what it writes down about a request.
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { fallbackFunction, routes } from '../../contract/routes.ts'
import { stageNames, stages } from '../../lib/config.ts'
import { onlyOf, propertiesOf, referenceOf, resourcesOf, templateOf } from './synthesized.ts'

const prod = templateOf('prod')
const keys = routes.map(({ method, path }) => `${method} ${path}`)

/** The function behind each deployed route. */
function deployedRoutes(): Record<string, string | undefined> {
  const integrationOf = (target: unknown) => {
    const { 'Fn::Join': joined } = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).parse(target)
    return propertiesOf(prod, referenceOf(joined[1][1]) ?? '')
  }
  return Object.fromEntries(
    [...resourcesOf(prod, 'AWS::ApiGatewayV2::Route').values()].map(({ Properties }) => [
      String(Properties.RouteKey),
      referenceOf(integrationOf(Properties.Target).IntegrationUri)?.replace(/\.Arn$/, ''),
    ]),
  )
}

describe('the routes', () => {
  it('are those of the contract with their functions, and the fallback for everything else', () => {
    const expected = routes.map((route) => [`${route.method} ${route.path}`, route.function])
    expect(deployedRoutes()).toEqual({ ...Object.fromEntries(expected), $default: fallbackFunction })
  })

  it('hand over events of payload format 2.0, one integration per function', () => {
    const integrations = [...resourcesOf(prod, 'AWS::ApiGatewayV2::Integration').values()]
    expect(integrations).toHaveLength(new Set(routes.map((route) => route.function)).size)
    for (const { Properties } of integrations) {
      expect(Properties).toMatchObject({ PayloadFormatVersion: '2.0', IntegrationType: 'AWS_PROXY' })
    }
  })

  it('may invoke only the functions that they name, by this API alone', () => {
    const permissions = [...resourcesOf(prod, 'AWS::Lambda::Permission').values()]
      .map(({ Properties }) => Properties)
      .filter(({ Principal }) => Principal !== 'events.amazonaws.com')
    expect(permissions).toHaveLength(new Set(routes.map((route) => route.function)).size)
    for (const permission of permissions) {
      expect(permission).toMatchObject({ Principal: 'apigateway.amazonaws.com', Action: 'lambda:InvokeFunction' })
      expect(JSON.stringify(permission.SourceArn)).toContain(onlyOf(prod, 'AWS::ApiGatewayV2::Api').id)
    }
  })
})

describe('the stage', () => {
  const { properties } = onlyOf(prod, 'AWS::ApiGatewayV2::Stage')

  it('is deployed by itself under the root path', () =>
    expect(properties).toMatchObject({ StageName: '$default', AutoDeploy: true }))

  it.each(stageNames)('throttles every route by its class in %s', (name) => {
    const { throttles } = stages[name]
    const { RouteSettings, DefaultRouteSettings } = onlyOf(templateOf(name), 'AWS::ApiGatewayV2::Stage').properties
    const expected = routes.map(({ throttle }, at) => [
      keys[at],
      { ThrottlingRateLimit: throttles[throttle].rate, ThrottlingBurstLimit: throttles[throttle].burst },
    ])
    expect(RouteSettings).toEqual(Object.fromEntries(expected))
    const { rate, burst } = throttles.console
    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst })
  })

  it.each(stageNames)('lets the webhook use all that an account has in %s, and the others less', (name) => {
    const { webhook, generate, console: ofConsole } = stages[name].throttles
    expect(webhook).toEqual({ rate: 10_000, burst: 5_000 })
    expect(generate.rate + ofConsole.rate).toBeLessThan(webhook.rate)
  })

  it('writes a line of JSON per request: which, where to, how it ended, how long it took', () => {
    const { AccessLogSettings } = properties
    const { Format, DestinationArn } = z
      .object({ Format: z.string(), DestinationArn: z.unknown() })
      .parse(AccessLogSettings)
    expect(JSON.parse(Format)).toMatchObject({
      requestId: '$context.requestId',
      route: '$context.routeKey',
      status: '$context.status',
      latencyMs: '$context.responseLatency',
      error: '$context.integrationErrorMessage',
    })
    const log = referenceOf(DestinationArn)?.replace(/\.Arn$/, '') ?? ''
    expect(propertiesOf(prod, log).RetentionInDays).toBe(stages.prod.logDays)
  })

  it('writes nothing about a person: no address, agent, path, query, identity or body', () => {
    const named = JSON.stringify(properties.AccessLogSettings).match(/\$context\.[A-Za-z.]+/g) ?? []
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((variable) => /identity|path|authorizer|domain|ip|agent|query|body/i.test(variable))).toEqual(
      [],
    )
  })
})
