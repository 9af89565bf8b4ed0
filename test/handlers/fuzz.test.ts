// Random requests, valid and not, built from the API document, against every route on real tables: each answer is one that
// the document names, none is a 500, none holds anything of the other org, and nothing secret is in a table, log or answer.
import { paginateScan } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { orgSlugSchema } from '../../contract/ids.ts'
import type { FileImport } from '../../contract/import.ts'
import type { Route } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import { describeRoutes } from '../../lambdas/domain/api/describe-routes.ts'
import { makeImportStore } from '../../lambdas/store/imports.ts'
import type { RequestParts } from '../support/api-event.ts'
import { type Managed, orgNamed, startManaged } from '../support/managed.ts'
import { allowedBy, disturbed, pick, type Random } from '../support/schema-arbitrary.ts'
import { seededRandom } from '../support/sdk-faults.ts'
import { type Serve, type ServedAnswer, serveAll } from '../support/served.ts'

const requests = Number(process.env.FUZZ_REQUESTS ?? 5_000)
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
const atOnce = 16

/** What must never show: planted before, looked for after. */
const planted = { signingKey: 'canary-signing-key-1', appKey: 'canary-app-api-key-1', person: 'canary@person.test' }
const scopes = ['admin', 'generate', 'events'] as const
const otherOrg = 'canary-other-org'

/** A file of `acme` that is being loaded. */
const droppedFile: FileImport = {
  importId: '20261124T090000Z-0123456789abcdef',
  org: orgSlugSchema.parse('acme'),
  key: 'incoming/acme/events/dt=2026-11-24/purchases.csv',
  source: 'files',
  etag: '0',
  sizeBytes: 1,
  modifiedAtMs: 1_795_000_000_000,
  status: 'loading',
  startedAtMs: 1_795_000_000_000,
  problems: [],
}

type Json = Readonly<Record<string, unknown>>
interface Operation {
  readonly route: Route
  readonly request: Json | undefined
}
interface Asked {
  readonly operation: Operation
  readonly path: string
  readonly parts: RequestParts
  readonly mayBeRefused: boolean
}

let managed: Managed
let serve: Serve
let keys: readonly string[] = []
let credentials: readonly Record<string, string>[] = []

beforeAll(async () => {
  managed = await startManaged()
  serve = serveAll(managed)
  await managed.settings.putOrg(orgNamed(otherOrg, { name: 'canary-other-name' }))
  for (const [slug, text] of [
    ['acme', 'Hello'],
    [otherOrg, 'canary-other-text'],
  ] as const) {
    const ask = (method: Route['method'], path: string, body: unknown) =>
      managed.ask([`org:${slug}:admin`], method, `/api/orgs/${slug}${path}`, { body })
    await ask('PUT', '/settings', { signing_key: planted.signingKey, app_api_key: planted.appKey })
    // Requests change `welcome`; the other is only read.
    for (const template of ['welcome', 'unharmed']) {
      await ask('PUT', `/templates/${template}`, { name: text })
      await ask('POST', `/templates/${template}/variants`, { copy_id: 'warm', vars: { subject: text } })
      await ask('PUT', `/templates/${template}`, { status: 'active' })
    }
    await ask('POST', '/templates/welcome/variants', { copy_id: 'spare', vars: { subject: text } })
    await ask('PUT', '/templates/welcome/integration', { sources: [{ source: 'campaign:23' }] })
  }
  const { client, tables } = managed.database
  await makeImportStore(client, tables.settings).begin(droppedFile)
  keys = await Promise.all(scopes.map((scope) => managed.makeKey('acme', [scope])))
  const token = async (...groups: string[]) => ({ authorization: `Bearer ${await managed.issuer.token(groups)}` })
  const admin = await token('org:acme:admin')
  credentials = [admin, admin, admin, await token('org:acme:viewer'), await token('operators'), {}]
  credentials = [...credentials, ...keys.map((key) => ({ 'x-api-key': key }))]
})
afterAll(() => managed.issuer.close())

const document = JSON.parse(JSON.stringify(describeRoutes(routes, '1.0.0')))
const all: readonly Route[] = routes
const operations: readonly Operation[] = all.map((route) => ({
  route,
  request: document.paths[route.path][route.method.toLowerCase()].requestBody?.content['application/json'].schema,
}))

const hints = [
  'welcome',
  'warm',
  'acme',
  'campaign:23',
  'newsletter:7',
  'id:ann',
  'generate',
  '41',
  'EUR',
  'subject',
  'A name',
]
const inPath = [
  'welcome',
  'warm',
  'warm-2',
  'none',
  'id%3Aann',
  'a b',
  '%23',
  'x'.repeat(300),
  'x'.repeat(3_000),
  '%00',
  '..',
  'at%230000000000000%23x',
]

/** Values that the query of a route means something with. */
const goodInQuery: Readonly<Record<string, string>> = {
  template_id: 'unharmed',
  template: 'unharmed',
  from: '2026-11-20',
  to: '2026-11-24',
  metric: 'clicked',
  since: '2026-11-24T09:00:00Z',
}

/** Somebody whom the route lets in, in the org `acme`. */
function ableFor({ entry }: Route): Record<string, string> | undefined {
  const [admin, , , , operator] = credentials
  if (entry.kind === 'key') return { 'x-api-key': keys[scopes.indexOf(entry.scope)] ?? '' }
  return entry.kind === 'operator' ? operator : admin
}

/** A request of an operation. Most are well-formed and by somebody who may, so that they reach what lies behind. */
function draw(operation: Operation, random: Random): Asked {
  const { route, request } = operation
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'org') return pick(random, ['acme', 'acme', 'acme', 'acme', 'acme', 'acme', otherOrg, 'nobody', 'A B'])
    if (name === 'template' && random() < 0.7)
      return pick(random, ['welcome', 'welcome', `made_${Math.floor(random() * 20)}`])
    if (name === 'template' && route.method === 'GET') return 'unharmed'
    // The id that every new destination has here.
    if (route.path.includes('/destinations/') && random() < 0.7) return 'd1'
    if (name === 'import' && random() < 0.7) return droppedFile.importId
    return random() < 0.5 ? pick(random, inPath) : pick(random, hints)
  })
  const query = (route.query ?? []).flatMap(({ name, required }) => {
    const good = goodInQuery[name] ?? pick(random, hints)
    const value = random() < 0.8 ? good : pick(random, [...hints, '', 'canary', '\u0000', '%', 'x'.repeat(3_000)])
    return required || random() < 0.3 ? [`${name}=${encodeURIComponent(value)}`] : []
  })
  const able = random() < 0.6 ? (ableFor(route) ?? {}) : pick(random, credentials)
  const headers = { ...able, ...(random() < 0.1 && { 'if-match': pick(random, ['"0"', '*', 'x']) }) }
  return {
    operation,
    path: decodeURIComponent(path.replaceAll('%00', '%01')),
    parts: { headers, query: query.join('&'), ...(request !== undefined && { body: bodyOf(route, request, random) }) },
    mayBeRefused: path.startsWith(`/api/orgs/${otherOrg}`) || path.endsWith(otherOrg),
  }
}

/** Bodies whose schema allows far more than is accepted. */
const goodBodies: Readonly<Record<string, unknown>> = {
  '/api/orgs/{org}/imports': { name: 'purchases.csv', bytes: 21, date: '2026-11-24' },
  '/api/orgs/{org}/alerts/destinations': { url: 'https://hooks.example.com/alerts' },
  '/api/webhook/events/{org}': { name: 'purchase', user_id: 'ann', value: '9.90' },
}

function bodyOf({ path }: Route, schema: Json, random: Random): string | Uint8Array {
  const good = random() < 0.3 ? goodBodies[path] : undefined
  const value = good ?? allowedBy(schema, random, [...hints, 'unharmed', 'unharmed', 'unharmed', 'unharmed'])
  const how = random()
  if (how < 0.5) return JSON.stringify(value)
  if (how < 0.93) return JSON.stringify(disturbed(value, random))
  return pick<string | Uint8Array>(random, [
    '',
    '{',
    '"',
    'null',
    '[]',
    '{"__proto__":{}}',
    `{"a":${'['.repeat(50)}${']'.repeat(50)}}`,
    '1'.repeat(200_000),
    Buffer.from([0xff, 0xfe]),
  ])
}

/** What is wrong with an answer beside the API document, by which it was judged already; empty when nothing is. */
function faultsOf({ mayBeRefused }: Asked, { status, text, headers }: ServedAnswer): string[] {
  const faults: string[] = []
  if (status >= 500) faults.push(`answered ${status}`)
  if (headers['x-request-id'] === undefined) faults.push('no request id')
  if (text.includes('canary-other')) faults.push('something of the other org')
  if (Object.values(planted).some((canary) => text.includes(canary))) faults.push('a secret')
  if (mayBeRefused && status === 200) faults.push('let into the other org')
  return faults
}

it(`answers ${requests} random requests as documented`, { timeout: 240_000 }, async () => {
  console.log(`fuzz: FUZZ_SEED=${seed}`)
  const random = seededRandom(seed)
  const bad: unknown[] = []
  const seen = new Map<string, number>()
  for (let done = 0; done < requests; done += atOnce) {
    const batch = Array.from({ length: atOnce }, () => draw(pick(random, operations), random))
    const answers = await Promise.all(
      batch.map(({ operation, path, parts }) => serve(operation.route.method, path, parts)),
    )
    for (const [at, answer] of answers.entries()) {
      const asked = batch[at]
      if (asked === undefined) continue
      const { route } = asked.operation
      seen.set(`${route.method} ${route.path} ${answer.status}`, 1)
      const faults = faultsOf(asked, answer)
      if (faults.length > 0)
        bad.push({
          faults,
          path: asked.path,
          ...asked.parts,
          status: answer.status,
          text: answer.text.slice(0, 300),
          logged: managed.logged.at(-1),
        })
    }
  }
  expect(bad.slice(0, 3)).toEqual([])
  // The requests were good enough to reach what lies behind the routes; another seed may leave one or two out by chance.
  const reached = operations.filter(({ route }) => route.entry.kind !== 'signature')
  const missed = reached.filter(({ route }) => !seen.has(`${route.method} ${route.path} 200`))
  const unforeseen = missed.map(({ route }) => `${route.method} ${route.path}`).filter((each) => !unreached.has(each))
  expect(unforeseen.slice(2)).toEqual([])
})

/** Routes whose success takes something that no random request has: a body set aside, a key that was made, a stop, an export. */
const unreached = new Set([
  'DELETE /api/orgs/{org}/keys/{key}',
  'POST /api/orgs/{org}/templates/{template}/variants/{copy}/lift-stop',
  'POST /api/orgs/{org}/quarantine/{id}/replay',
  'GET /api/orgs/{org}/exports/{day}',
])

it('left no secret, key or address in a table or a log, but for the events that name people', async () => {
  const { client, tables } = managed.database
  const body = JSON.stringify({ template_id: 'unharmed', user_id: planted.person })
  const served = await serve('POST', '/api/generate/acme', { headers: { 'x-api-key': keys[1] ?? '' }, body })
  expect(served.status).toBe(200)
  const dumps = await Promise.all([tables.settings, tables.results, tables.outcomes, tables.events].map(dump))
  const [settings = '', results = '', outcomes = '', events = ''] = dumps
  const logs = managed.logged.join('\n')
  expect(settings.length).toBeGreaterThan(10_000)
  for (const secret of [planted.signingKey, planted.appKey, ...keys]) {
    for (const text of [settings, results, outcomes, events, logs, served.text]) expect(text).not.toContain(secret)
  }
  for (const text of [settings, results, logs, served.text]) expect(text).not.toContain(planted.person)
  expect(events).toContain(planted.person)

  async function dump(table: string): Promise<string> {
    const pages: string[] = []
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
      pages.push(...Items.map((item) => JSON.stringify(unmarshall(item))))
    }
    return pages.join('\n')
  }
})
