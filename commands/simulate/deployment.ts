// The deployment that is played against, by HTTP alone: where it is, its keys, and what connects its template to Customer.io. Tries
// again as callers do when an answer says so.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import * as z from 'zod/mini'
import { type ImportAnswer, importListAnswerSchema } from '../../contract/import.ts'
import { type ResultsAnswer, resultsAnswerSchema } from '../../contract/results.ts'
import { uploadAnswerSchema } from '../../contract/upload.ts'

const readySchema = z.object({
  apiUrl: z.string(),
  org: z.string(),
  template: z.string(),
  apiKey: z.string(),
  adminKey: z.string(),
  signingKey: z.string(),
  campaignId: z.number(),
  webhookActionId: z.number(),
  controlActionId: z.number(),
})
export type Deployment = z.infer<typeof readySchema>

/** @throws one sentence when the file is not there or says too little */
export function readDeployment(readyFile: string, url: string | undefined): Deployment {
  try {
    const ready = readySchema.parse(JSON.parse(readFileSync(readyFile, 'utf8')))
    return { ...ready, apiUrl: (url ?? ready.apiUrl).replace(/\/$/, '') }
  } catch (cause) {
    throw new Error(`${readyFile} could not be read as a description of a deployment. Is \`npm start\` running?`, {
      cause,
    })
  }
}

/** Customer.io tries a webhook action for about an hour, and an event for a week; nobody here waits that long. */
const patienceMs = 10 * 60_000
const longestPauseMs = 5_000

/** The JSON of a 200. A 429, a 503 or a broken connection is tried again. @throws for every other answer */
async function call(url: string, init: RequestInit): Promise<unknown> {
  const startMs = Date.now()
  for (let attempt = 1; ; attempt++) {
    const isLast = Date.now() - startMs > patienceMs
    const answer = await fetch(url, init).catch((error: unknown) => {
      if (isLast) throw error
    })
    if (answer?.status === 200) return answer.json()
    const seen = answer === undefined ? 'no answer' : `${answer.status} ${(await answer.text()).slice(0, 200)}`
    const passes = answer === undefined || answer.status === 503 || answer.status === 429
    if (!passes || isLast) throw new Error(`${new URL(url).pathname} answered ${seen}`)
    await setTimeout(Math.min(longestPauseMs, 50 * 2 ** attempt))
  }
}

const json = { 'content-type': 'application/json' }
const generateSchema = z.object({ copy: z.object({ id: z.string() }), serve_id: z.string() })
const webhookSchema = z.object({ status: z.string() })
const eventsSchema = z.object({
  accepted: z.number(),
  duplicate: z.number(),
  conflict: z.number(),
  rejected: z.number(),
})

/** Asks for copy as the campaign's webhook action does; the same delivery again is a retry. */
export async function askForCopy(to: Deployment, deliveryId: string, person: string): Promise<string> {
  const body = JSON.stringify({ template_id: to.template, user_id: person, fields: { first_name: 'Ann' } })
  const headers = { ...json, 'x-api-key': to.apiKey, 'x-cio-delivery-id': deliveryId }
  const answer = await call(`${to.apiUrl}/api/generate/${to.org}`, { method: 'POST', headers, body })
  return generateSchema.parse(answer).copy.id
}

/** Reports one event, signed as Customer.io does; answers its status, `accepted` or `duplicate`. */
export async function reportEvent(to: Deployment, event: object): Promise<string> {
  const body = JSON.stringify(event)
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const signature = createHmac('sha256', to.signingKey).update(`v0:${timestamp}:${body}`).digest('hex')
  const headers = { ...json, 'x-cio-timestamp': timestamp, 'x-cio-signature': signature }
  const answer = await call(`${to.apiUrl}/api/webhook/cio/${to.org}`, { method: 'POST', headers, body })
  return webhookSchema.parse(answer).status
}

/** Sends custom events as a customer's server does. */
export async function sendEvents(to: Deployment, events: readonly object[]) {
  const headers = { ...json, 'x-api-key': to.apiKey }
  const body = JSON.stringify({ events })
  const answer = await call(`${to.apiUrl}/api/webhook/events/${to.org}`, { method: 'POST', headers, body })
  return eventsSchema.parse(answer)
}

/** Puts a file of custom events where the API says; answers its key. */
export async function putFile(to: Deployment, { name, date, text }: { name: string; date: string; text: string }) {
  const body = JSON.stringify({ name, date, bytes: Buffer.byteLength(text) })
  const headers = { ...json, 'x-api-key': to.adminKey }
  const asked = await call(`${to.apiUrl}/api/orgs/${to.org}/imports`, { method: 'POST', headers, body })
  const { file, upload } = uploadAnswerSchema.parse(asked)
  const answer = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: text })
  if (!answer.ok) throw new Error(`the bucket answered ${answer.status} to ${file}`)
  return file
}

/** The newest files that were dropped. */
export async function listImports(to: Deployment): Promise<ImportAnswer[]> {
  const url = `${to.apiUrl}/api/orgs/${to.org}/imports?limit=100`
  return importListAnswerSchema.parse(await call(url, { headers: { 'x-api-key': to.adminKey } })).imports
}

export async function readResults(to: Deployment, query: Record<string, string>): Promise<ResultsAnswer> {
  const path = `/api/orgs/${to.org}/templates/${to.template}/results?${new URLSearchParams(query)}`
  return resultsAnswerSchema.parse(await call(`${to.apiUrl}${path}`, { headers: { 'x-api-key': to.adminKey } }))
}
