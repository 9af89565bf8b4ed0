// One fact, kept once: routes, functions, problems and the API document agree with one another.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { problems } from '../../contract/all-problems.ts'
import * as environments from '../../contract/environments.ts'
import type { Route } from '../../contract/route.ts'
import { fallbackFunction, routes } from '../../contract/routes.ts'
import { describeRoutes } from '../../lambdas/domain/api/describe-routes.ts'
import { examples } from '../../lambdas/domain/api/examples.ts'

const all: readonly Route[] = routes
const document = JSON.parse(JSON.stringify(describeRoutes(all, '1.0.0')))

describe('every function', () => {
  it.each(Object.keys(environments))('%s has a handler file of its name', (name) => {
    const file = name.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
    expect(existsSync(`lambdas/handlers/${file}.ts`)).toBe(true)
  })

  it('is wired in 80 lines at most, and one file is one function', () => {
    const files = readdirSync('lambdas/handlers')
    const lines = files.map((file) => [
      file,
      readFileSync(`lambdas/handlers/${file}`, 'utf8').trimEnd().split('\n').length,
    ])
    expect(files).toHaveLength(Object.keys(environments).length)
    expect(lines.filter(([, count]) => Number(count) > 80)).toEqual([])
  })

  it('that answers what no route takes exists', () => {
    expect(Object.keys(environments)).toContain(fallbackFunction)
  })
})

describe('the API document', () => {
  it.each(all.map((route) => [`${route.method} ${route.path}`, route] as const))('describes %s', (_name, route) => {
    const operation = document.paths[route.path][route.method.toLowerCase()]
    const statuses = new Set(['200', ...route.problems.map((code) => String(problems[code].status))])
    expect(new Set(Object.keys(operation.responses))).toEqual(statuses)
    for (const { description } of operation.parameters) expect(description).toMatch(/\w/)
    expect(Boolean(operation.requestBody)).toBe(route.request !== undefined)
    const named = operation.parameters.map(({ name }: { name: string }) => name)
    expect(named).toEqual([
      ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      ...(route.query ?? []).map(({ name }) => name),
      ...(route.entry.kind === 'signature' ? ['X-CIO-Timestamp'] : []),
      ...(route.entry.kind === 'key' && route.entry.scope === 'generate'
        ? ['X-CIO-Delivery-Id', 'X-CIO-Idempotency-Key']
        : []),
      ...(route.etag && route.method !== 'GET' ? ['If-Match'] : []),
    ])
  })

  it('is valid by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(await new Validator().validate({ ...document, paths: [] })).toMatchObject({ valid: false })
  })

  it('gives every operation an id of its own', () => {
    const operations = Object.values<object>(document.paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    expect(ids.length).toBe(all.length)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(Object.entries(examples))('shows an example that fits: %s', (key, { request, answer }) => {
    const route = all.find(({ method, path }) => `${method} ${path}` === key)
    expect(route).toBeDefined()
    if (request !== undefined) expect(route?.request?.safeParse(request)).toMatchObject({ success: true })
    if (answer !== undefined) expect(route?.answer?.safeParse(answer)).toMatchObject({ success: true })
  })

  it('shows an example of every body that is sent', () => {
    const named = Object.keys(examples).filter((key) => examples[key]?.request !== undefined)
    const taking = all.filter(({ request }) => request !== undefined).map(({ method, path }) => `${method} ${path}`)
    expect(named.toSorted()).toEqual(taking.toSorted())
  })

  it.each(Object.entries(problems))('says what %s means', (code, { message }) => {
    expect(JSON.stringify(document)).toContain(`\`${code}\`: ${message}`)
  })

  it('names every problem that there is at a route or else among the shared responses', () => {
    const named = new Set<string>(all.flatMap((route) => route.problems))
    const shared = Object.keys(problems).filter((code) => !named.has(code))
    expect(Object.keys(document.components.responses)).toEqual(shared)
    for (const { content } of Object.values<{ content: object }>(document.components.responses)) {
      expect(content).toEqual({ 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } })
    }
  })

  it('lets no route leave with 500', () => {
    expect(Object.values(problems).map(({ status }): number => status)).not.toContain(500)
  })

  it('gives the webhook nothing but 200, 401 and 503', () => {
    const { responses } = document.paths['/api/webhook/cio/{org}'].post
    expect(Object.keys(responses)).toEqual(['200', '401', '503'])
  })
})
