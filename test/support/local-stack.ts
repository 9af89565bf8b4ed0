// The synthesized stack, deployed on this machine for one test file, with the demo org in it. Tests speak to it by HTTP.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SQSClient } from '@aws-sdk/client-sqs'
import { inject } from 'vitest'
import type { Restated } from '../../contract/restatement.ts'
import { type ResultsAnswer, resultsAnswerSchema } from '../../contract/results.ts'
import { makeRestatementQueue } from '../../lambdas/clients/restatement-queue.ts'
import { restatementId } from '../../lambdas/domain/measuring/restate.ts'
import { makeRestatementStore } from '../../lambdas/store/restatements.ts'
import { authorizationOf } from '../../local/gate/caller.ts'
import { type Local, type LocalOptions, startLocal } from '../../local/start.ts'
import { signAsCio } from './cio-signer.ts'
import { orgOf } from './copy-settings.ts'
import type { LeakWatch } from './leak-watch.ts'
import { watchStack } from './watched-stack.ts'

export interface DemoStack {
  readonly apiUrl: string
  readonly adminUrl: string
  readonly apiKey: string
  readonly adminKey: string
  readonly signingKey: string
  readonly local: Local
  /** Hears every answer, and looks through tables and logs when the stack is stopped. */
  readonly leaks: LeakWatch
}

/** Starts it in memory on a free port. The caller stops it. */
export async function startDemoStack(
  options: Partial<Pick<LocalOptions, 'appDir' | 'metricsClock' | 'parameters'>> = {},
): Promise<DemoStack> {
  const local = await startLocal({ appDir: inject('assembly'), port: 0, seed: 'commands/seed-demo.ts', ...options })
  const text = (name: string) => String(local.ready[name])
  const { apiUrl, adminUrl } = local.ready
  const keys = { apiKey: text('apiKey'), adminKey: text('adminKey'), signingKey: text('signingKey') }
  const { leaks, stop } = watchStack(local)
  return { apiUrl, adminUrl, ...keys, leaks, local: { ...local, stop } }
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** Any request; the answer with its JSON read. */
export async function call(stack: DemoStack, path: string, init: RequestInit = {}): Promise<HttpAnswer> {
  const response = await fetch(`${stack.apiUrl}${path}`, init)
  const text = await response.text()
  stack.leaks.hear(`${init.method ?? 'GET'} ${path}`, text)
  const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text)
  return { status: response.status, headers: response.headers, body }
}

/** Asks for copy as a webhook action does. */
export function generate(stack: DemoStack, body: object, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  return call(stack, '/api/generate/acme', {
    method: 'POST',
    headers: { 'x-api-key': stack.apiKey, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

/**
 * Asks until the answer is another than 503, as Customer.io's webhook actions do, at most ten times.
 * @returns every answer, the last one last
 */
export async function generateWithRetries(
  ...[stack, body, headers]: Parameters<typeof generate>
): Promise<HttpAnswer[]> {
  const answers: HttpAnswer[] = []
  do {
    if (answers.length > 0) await sleep(500)
    answers.push(await generate(stack, body, headers))
  } while (answers.at(-1)?.status === 503 && answers.length < 10)
  return answers
}

/** Calls a route of the org's administrators, by its path below the org. */
export function manage(stack: DemoStack, method: string, path: string, body?: object): Promise<HttpAnswer> {
  return call(stack, `/api/orgs/acme${path}`, {
    method,
    headers: { 'x-api-key': stack.adminKey, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

/** Reports an event as Customer.io does, signed with the org's key. */
export function report(stack: DemoStack, event: object): Promise<HttpAnswer> {
  const body = JSON.stringify(event)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = signAsCio(stack.signingKey, timestamp, body)
  return call(stack, '/api/webhook/cio/acme', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cio-timestamp': timestamp, 'x-cio-signature': signature },
    body,
  })
}

/** Sends the customer's own events, as their server does. */
export function sendEvents(stack: DemoStack, events: object): Promise<HttpAnswer> {
  return call(stack, '/api/webhook/events/acme', {
    method: 'POST',
    headers: { 'x-api-key': stack.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(events),
  })
}

/**
 * Asks for everything to be counted anew, and tells the queue. `agoMs`: as if that long ago, because the second pass waits two
 * minutes from then on.
 */
export async function restateSoon(
  stack: DemoStack,
  agoMs: number,
  what: Restated = { kind: 'metrics' },
  org = 'acme',
): Promise<void> {
  const { endpoints, outputs } = stack.local.ready
  const { url: endpoint, ...caller } = endpoints.dynamodb
  const restatements = makeRestatementStore(
    new DynamoDBClient({ endpoint, ...caller }),
    String(outputs.SettingsTableName),
  )
  await restatements.request(orgOf(org), what, Date.now() - agoMs)
  const queue = makeRestatementQueue(new SQSClient({ endpoint, ...caller }), String(outputs.RestatementQueueUrl))
  await queue({ org, id: restatementId(what) })
}

/** One reporting event of campaign 23. */
export function cioEvent(channel: string, metric: string, data: Record<string, unknown>, timestamp: number): object {
  return { event_id: randomUUID(), object_type: channel, metric, timestamp, data: { campaign_id: 23, ...data } }
}

export async function readResults(stack: DemoStack, query = ''): Promise<ResultsAnswer> {
  const path = `/api/orgs/acme/templates/welcome_email/results${query}`
  const response = await fetch(`${stack.apiUrl}${path}`, { headers: { 'x-api-key': stack.adminKey } })
  if (response.status !== 200) throw new Error(`results answered ${response.status}`)
  return resultsAnswerSchema.parse(await response.json())
}

/** Reads results until they are as wanted or the time is up; answers the last ones, for the test to judge. */
export async function resultsWithin(
  stack: DemoStack,
  limitMs: number,
  wanted: (results: ResultsAnswer) => boolean,
): Promise<ResultsAnswer> {
  const untilMs = Date.now() + limitMs
  let results = await readResults(stack)
  while (!wanted(results) && Date.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    results = await readResults(stack)
  }
  return results
}

/** Waits until every stream record and queue message that exists has been handled. */
export async function untilIdle(stack: DemoStack, limitMs = 20_000): Promise<void> {
  const untilMs = Date.now() + limitMs
  while (Date.now() < untilMs) {
    const response = await fetch(`${stack.adminUrl}/idle`)
    if (Reflect.get(Object(await response.json()), 'idle') === true) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`not idle within ${limitMs} ms`)
}

/** Calls a function by its name, as a schedule does; answers what it returns. */
export async function invoke(stack: DemoStack, name: string, event: object = {}): Promise<unknown> {
  const { url, credentials } = stack.local.ready.endpoints.lambda
  const path = `/2015-03-31/functions/justai-dev-${name}/invocations`
  const headers = { authorization: authorizationOf(credentials, 'lambda') }
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(event) })
  return response.json()
}

/** Makes calls of a service fail until it is healed. */
export async function breakService(
  stack: DemoStack,
  fault: { service: string; action?: string; function?: string; mode: string; delayMs?: number; count?: number },
) {
  await fetch(`${stack.adminUrl}/faults`, { method: 'POST', body: JSON.stringify(fault) })
}

export async function heal(stack: DemoStack): Promise<void> {
  await fetch(`${stack.adminUrl}/faults`, { method: 'DELETE' })
}

/** What people and messages do at the stand-in for Customer.io, by its control port. */
export async function customerio(stack: DemoStack, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${stack.local.ready.customerio?.controlUrl}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}
