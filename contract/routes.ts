// Every route of the service: where it is, which function serves it, how it is entered, what it takes and gives. The
// stack deploys from this list, the API document is made from it, and the tests walk it.
import { alertRoutes } from './alert-routes.ts'
import { customEventsAnswerSchema, customEventsRequestSchema, noneAcceptedSchema } from './custom-events-call.ts'
import { eventRoutes } from './event-routes.ts'
import { exportRoutes } from './export-routes.ts'
import type { FunctionName } from './function-name.ts'
import {
  batchGenerateAnswerSchema,
  batchGenerateRequestSchema,
  generateAnswerSchema,
  generateRequestSchema,
} from './generate.ts'
import { importRoutes } from './import-routes.ts'
import { orgRoutes } from './org-routes.ts'
import type { ProblemCode } from './problems.ts'
import { webhookAnswerSchema } from './reporting-event.ts'
import { resultsAnswerSchema } from './results.ts'
import { bodyProblems, memberProblems, type Route } from './route.ts'
import { setupRoutes } from './setup-routes.ts'
import { templateRoutes } from './template-routes.ts'

const copyProblems = [
  'auth.failed',
  'auth.forbidden',
  'template.unknown',
  'template.inactive',
  'copy.unknown',
  'copy.none_eligible',
  'limit.exceeded',
  'service.unavailable',
] as const satisfies readonly ProblemCode[]

export const routes = [
  {
    method: 'POST',
    path: '/api/generate/{org}',
    function: 'GenerateCopy',
    summary: 'Copy of one template for one person.',
    entry: { kind: 'key', scope: 'generate' },
    throttle: 'generate',
    request: generateRequestSchema,
    answer: generateAnswerSchema,
    problems: [...copyProblems, ...bodyProblems],
  },
  {
    method: 'GET',
    path: '/api/generate/{org}',
    function: 'GenerateCopy',
    summary: 'The same by query, for senders that cannot post.',
    entry: { kind: 'key', scope: 'generate' },
    throttle: 'generate',
    query: [
      { name: 'template_id', required: true, description: 'The template.' },
      { name: 'user_id', required: false, description: 'The person, by the identifier the org joins on.' },
      { name: 'tracking_id', required: false, description: 'Names the serve when no delivery header does.' },
      { name: 'copy_id', required: false, description: 'Asks for one copy; left out of comparisons.' },
      { name: 'attrs.<name>', required: false, description: 'One attribute of the person each.' },
      { name: 'fields.<name>', required: false, description: 'One field to put into the copy each.' },
    ],
    answer: generateAnswerSchema,
    problems: [...copyProblems, 'query.invalid'],
  },
  {
    method: 'POST',
    path: '/api/batch-generate/{org}',
    function: 'GenerateCopy',
    summary: 'Copy of up to 20 templates for one person.',
    entry: { kind: 'key', scope: 'generate' },
    throttle: 'generate',
    request: batchGenerateRequestSchema,
    answer: batchGenerateAnswerSchema,
    problems: ['auth.failed', 'auth.forbidden', 'limit.exceeded', 'service.unavailable', ...bodyProblems],
  },
  {
    method: 'POST',
    path: '/api/webhook/cio/{org}',
    function: 'ReceiveCioWebhook',
    summary: "Customer.io's reporting webhook: one event.",
    entry: { kind: 'signature' },
    throttle: 'webhook',
    answer: webhookAnswerSchema,
    problems: ['auth.failed', 'service.unavailable'],
  },
  {
    method: 'POST',
    path: '/api/webhook/events/{org}',
    function: 'ReceiveCustomEvents',
    summary: 'Events of your own about your people: one, an array, or `{"events": […]}`; an answer for each.',
    entry: { kind: 'key', scope: 'events' },
    throttle: 'generate',
    request: customEventsRequestSchema,
    answer: customEventsAnswerSchema,
    problemBodies: { 'events.none_accepted': noneAcceptedSchema },
    problems: [
      'auth.failed',
      'auth.forbidden',
      'limit.exceeded',
      'service.unavailable',
      'body.too_large_events',
      'body.too_many_events',
      'events.none_accepted',
      ...bodyProblems.filter((code) => code !== 'body.too_large'),
    ],
  },
  {
    method: 'GET',
    path: '/api/orgs/{org}/templates/{template}/results',
    function: 'ReadResults',
    summary: 'What became of the sends of a template, per arm and copy.',
    entry: { kind: 'member', role: 'viewer' },
    throttle: 'console',
    query: [
      {
        name: 'from',
        required: false,
        description:
          'First day of the send, UTC, YYYY-MM-DD. Default: the first that has anything, at most 399 days before `to`. Later days are compared, but nothing is decided on a part of a test.',
      },
      { name: 'to', required: false, description: 'Last day of the send, UTC. Default: today.' },
      {
        name: 'metric',
        required: false,
        description: "A counted metric, or the name of a custom event; default: the template's key metric.",
      },
    ],
    answer: resultsAnswerSchema,
    problems: [...memberProblems, 'template.unknown', 'query.invalid'],
  },
  ...orgRoutes,
  ...setupRoutes,
  ...templateRoutes,
  ...eventRoutes,
  ...importRoutes,
  ...exportRoutes,
  ...alertRoutes,
  {
    method: 'GET',
    path: '/api/openapi.json',
    function: 'DescribeApi',
    summary: 'This document.',
    entry: { kind: 'open' },
    throttle: 'console',
    problems: [],
  },
] as const satisfies readonly Route[]

/** How API Gateway names the route of a request. */
export type RouteKey = KeyOf<(typeof routes)[number]>
type KeyOf<R> = R extends { method: infer M extends string; path: infer P extends string } ? `${M} ${P}` : never

/** The routes of one function that are entered in one way. */
export type RouteKeyOf<F extends FunctionName, E extends Route['entry']['kind']> = KeyOf<
  Extract<(typeof routes)[number], { function: F; entry: { kind: E } }>
>

/** Serves every request that no route matches, so that those errors have our shape too. */
export const fallbackFunction: FunctionName = 'DescribeApi'

/** What those requests are answered. */
export const fallbackProblems = ['route.unknown', 'route.method'] as const satisfies readonly ProblemCode[]
