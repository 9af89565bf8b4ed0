// The OpenAPI 3.1 document, made from the routes and schemas that the service itself runs by.
import * as z from 'zod/mini'
import { problems } from '../../../contract/all-problems.ts'
import { operatorGroup } from '../../../contract/member.ts'
import { type ProblemCode, problemBodySchema } from '../../../contract/problems.ts'
import type { Route } from '../../../contract/route.ts'
import { fallbackProblems } from '../../../contract/routes.ts'
import { describeHeaders, describePath } from './describe-parameters.ts'
import { examples } from './examples.ts'

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
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Api-Key',
          description: 'A key of the org, with the scope that the route names.',
        },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The same key, or the access token of a person whose groups name the org: `org:<slug>:admin|viewer`.',
        },
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
  const example = examples[`${route.method} ${route.path}`]
  return {
    operationId: `${route.method.toLowerCase()}_${route.path.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '')}`,
    summary: route.summary,
    tags: [tagOf(route)],
    security: security(route.entry),
    parameters: [
      ...describePath(route.path),
      ...(route.query ?? []).map((parameter) => ({ ...parameter, in: 'query', schema: { type: 'string' } })),
      ...describeHeaders(route),
    ],
    ...(route.request && {
      requestBody: { required: true, content: json(z.toJSONSchema(route.request, { io: 'input' }), example?.request) },
    }),
    responses: {
      200: {
        description: 'Done.',
        headers: { ...requestId, ...(route.etag && { etag: { schema: { type: 'string' } } }) },
        content: json(route.answer ? z.toJSONSchema(route.answer) : {}, example?.answer),
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
      // An org that has stored no signing key takes unsigned events.
      return [{ signature: [] }, {}]
    case 'key':
      return [{ apiKey: [entry.scope] }, { bearer: [entry.scope] }]
    case 'member':
      return [{ apiKey: ['admin'] }, { bearer: [entry.role] }]
    case 'operator':
      return [{ bearer: [operatorGroup] }]
  }
}

/** By whom a route is called. */
function tagOf({ entry, path }: Route): string {
  if (entry.kind === 'signature') return 'reporting'
  if (entry.kind === 'key') return entry.scope === 'generate' ? 'copy' : 'own-events'
  if (entry.kind === 'open') return 'document'
  return /^\/api\/orgs\/\{org\}\/(\w[\w-]*)/.exec(path)?.[1] ?? 'orgs'
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

const requestId = { 'x-request-id': { schema: { type: 'string' } } }

function json(schema: object, example?: unknown): Json {
  return { 'application/json': { schema, ...(example !== undefined && { example }) } }
}
