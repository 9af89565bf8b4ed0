// The OpenAPI 3.1 document, made from the routes and schemas that the service itself runs by.
import * as z from 'zod/mini'
import { problems } from '../../../contract/all-problems.ts'
import { operatorGroup } from '../../../contract/member.ts'
import { type ProblemCode, problemBodySchema } from '../../../contract/problems.ts'
import type { Route } from '../../../contract/route.ts'
import { fallbackProblems } from '../../../contract/routes.ts'

type Json = Record<string, unknown>

const description =
  'Copy out, reporting webhooks in, exact results. A request that fits no path below, or a path but none of its methods, ' +
  'gets the shared response `route.unknown` or `route.method`; the latter names the methods that there are in `Allow`.'

/** One path entry per path, one operation per method. */
export function describeRoutes(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'JustAI for Customer.io', version, description },
    paths,
    components: {
      schemas: { Problem: z.toJSONSchema(problemBodySchema) },
      // Answers of no operation: what a request gets that is none.
      responses: Object.fromEntries(fallbackProblems.map((code) => [code, problemResponse([code])])),
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'X-CIO-Signature',
          description: 'Lower-case hex HMAC-SHA256 over `v0:<X-CIO-Timestamp>:<raw body>`.',
        },
      },
    },
  }
}

function operation(route: Route): Json {
  const pathNames = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  return {
    operationId: `${route.method.toLowerCase()}_${route.path.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '')}`,
    summary: route.summary,
    security: security(route.entry),
    parameters: [
      ...pathNames.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...(route.query ?? []).map((parameter) => ({ ...parameter, in: 'query', schema: { type: 'string' } })),
      ...(route.etag && route.method !== 'GET' ? [ifMatch] : []),
    ],
    ...(route.request && {
      requestBody: { required: true, content: json(z.toJSONSchema(route.request, { io: 'input' })) },
    }),
    responses: {
      200: {
        description: 'Done.',
        headers: { ...requestId, ...(route.etag && { etag: { schema: { type: 'string' } } }) },
        content: json(route.answer ? z.toJSONSchema(route.answer) : {}),
      },
      ...Object.fromEntries(
        byStatus(route.problems).map(([status, codes]) => [status, problemResponse(codes, route.problemBodies)]),
      ),
    },
  }
}

function security(entry: Route['entry']): Json[] {
  switch (entry.kind) {
    case 'open':
      return []
    case 'signature':
      return [{ signature: [] }]
    case 'key':
      return [{ apiKey: [entry.scope] }, { bearer: [entry.scope] }]
    case 'member':
      return [{ apiKey: ['admin'] }, { bearer: [entry.role] }]
    case 'operator':
      return [{ bearer: [operatorGroup] }]
  }
}

function byStatus(codes: readonly ProblemCode[]): [number, ProblemCode[]][] {
  return [...Map.groupBy(codes, (code) => problems[code].status)]
}

function problemResponse(codes: readonly ProblemCode[], bodies: Route['problemBodies'] = {}): Json {
  const description = codes.map((code) => `\`${code}\`: ${problems[code].message}`).join(' ')
  const own = codes.flatMap((code) => bodies[code] ?? []).map((schema) => z.toJSONSchema(schema))
  const usual = { $ref: '#/components/schemas/Problem' }
  return { description, headers: requestId, content: json(own.length > 0 ? { anyOf: [usual, ...own] } : usual) }
}

const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The `etag` that the change was made from; another one that stands is answered 412.',
  schema: { type: 'string' },
}
const requestId = { 'x-request-id': { schema: { type: 'string' } } }

function json(schema: object): Json {
  return { 'application/json': { schema } }
}
