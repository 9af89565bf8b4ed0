// Every route of the contract by the handler that serves it, on the tables and the clock of one `Managed`. A function that
// serves a route and is missing here is a type error.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Route } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import { makeCustomerio } from '../../lambdas/clients/customerio.ts'
import type { Files } from '../../lambdas/flows/file-deps.ts'
import { makeCheckSetup } from '../../lambdas/handlers/check-setup.ts'
import { makeDescribeApi } from '../../lambdas/handlers/describe-api.ts'
import { makeErasePerson } from '../../lambdas/handlers/erase-person.ts'
import { makeGenerateCopy } from '../../lambdas/handlers/generate-copy.ts'
import { makeManage } from '../../lambdas/handlers/manage.ts'
import { makeReadResults } from '../../lambdas/handlers/read-results.ts'
import { makeReceiveCioWebhook } from '../../lambdas/handlers/receive-cio-webhook.ts'
import { makeReceiveCustomEvents } from '../../lambdas/handlers/receive-custom-events.ts'
import { makeServeAlerts } from '../../lambdas/handlers/serve-alerts.ts'
import { makeServeExports } from '../../lambdas/handlers/serve-exports.ts'
import { makeServeImports } from '../../lambdas/handlers/serve-imports.ts'
import { type ApiHandler, apiHandler } from '../../lambdas/runtime/api.ts'
import { makeFairShare } from '../../lambdas/runtime/fair-share.ts'
import { makeKeyCheck } from '../../lambdas/runtime/key-check.ts'
import { webhookHandler } from '../../lambdas/runtime/webhook-answer.ts'
import { makeAlertStore } from '../../lambdas/store/alerts.ts'
import { listAllocations } from '../../lambdas/store/allocations.ts'
import { makeCustomEventStore } from '../../lambdas/store/custom-events.ts'
import { makeEraseStores } from '../../lambdas/store/erase-stores.ts'
import { makeEventStore } from '../../lambdas/store/events.ts'
import { makeExportStore } from '../../lambdas/store/exports.ts'
import { makeImportStore } from '../../lambdas/store/imports.ts'
import { listPending } from '../../lambdas/store/pending-restatements.ts'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { makeChargeRate } from '../../lambdas/store/rate-debts.ts'
import { findFirstDay, readResults } from '../../lambdas/store/results.ts'
import { makeServeStore } from '../../lambdas/store/serves.ts'
import { makeSetupStores } from '../../lambdas/store/setup-stores.ts'
import { apiEvent, type RequestParts } from './api-event.ts'
import { checkDocumented } from './documented.ts'
import type { Managed } from './managed.ts'
import { makeMemoryFiles } from './memory-files.ts'

type RoutedFunction = (typeof routes)[number]['function']

export interface ServedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

export type Serve = (method: Route['method'], path: string, parts: RequestParts) => Promise<ServedAnswer>

/** An answer that the API document does not describe is thrown. */
export function serveAll(
  { database, deps, settings, secrets, leaks }: Managed,
  files: Files = makeMemoryFiles(),
): Serve {
  const { client, tables } = database
  const { now, log, checks, stage } = deps
  const { events, quarantine } = {
    events: makeEventStore(client, tables.events),
    quarantine: makeQuarantine(client, tables.events),
  }
  const orgSecrets = { get: async (org: string) => secrets.get(org) ?? {}, refresh: async () => undefined }
  const handlers: Readonly<Record<RoutedFunction, ApiHandler>> = {
    Manage: makeManage(deps),
    ReadResults: makeReadResults({
      checks,
      findTemplate: settings.findTemplate,
      findOrg: settings.findOrg,
      listRestatements: async (org) => (await listPending(client, tables.settings, org)).map((one) => one.restatement),
      readResults: (org, template, days) => readResults(client, tables.results, org, template, days),
      findFirstDay: (org, template) => findFirstDay(client, tables.results, org, template),
      listAllocations: (org, template, versions) => listAllocations(client, tables.settings, org, template, versions),
      now,
      log,
    }),
    GenerateCopy: apiHandler(
      log,
      makeGenerateCopy({
        stage,
        settings,
        share: makeFairShare({ what: 'generate', charge: makeChargeRate(client, tables.settings), now, log }),
        serves: makeServeStore(client, tables.events),
        now,
        random: Math.random,
        log,
      }),
    ),
    ReceiveCioWebhook: webhookHandler(log, () =>
      makeReceiveCioWebhook({
        findOrg: settings.findOrg,
        secrets: orgSecrets,
        noteSignature: async () => undefined,
        noteSource: async () => undefined,
        events,
        quarantine,
        now,
        log,
      }),
    ),
    ReceiveCustomEvents: makeReceiveCustomEvents({
      checkKey: makeKeyCheck({ findApiKey: settings.findApiKey, now, stage }),
      findOrg: settings.findOrg,
      keep: makeCustomEventStore(client, tables.events).keep,
      share: makeFairShare({ what: 'events', charge: makeChargeRate(client, tables.settings), now, log }),
      now,
      log,
      tellMetrics: () => undefined,
    }),
    ErasePerson: makeErasePerson({
      checks,
      ...makeEraseStores(client, tables),
      files,
      newId: randomUUID,
      now,
      log,
    }),
    CheckSetup: makeCheckSetup({
      checks,
      ...makeSetupStores(client, {
        EVENTS_TABLE: tables.events,
        RESULTS_TABLE: tables.results,
        SETTINGS_TABLE: tables.settings,
      }),
      readSecret: deps.secrets.read,
      // Nobody listens there: what Customer.io answers is shown elsewhere.
      customerio: (_region, apiKey, signal) =>
        makeCustomerio({
          baseUrl: 'http://127.0.0.1:9',
          apiKey,
          pace: { turn: async () => undefined },
          signal,
          pause: async () => undefined,
        }),
      apiUrl: deps.apiUrl,
      now,
      log,
    }),
    ServeImports: makeServeImports({
      checks,
      imports: makeImportStore(client, tables.settings),
      links: { toPut: async () => 'https://bucket.example/put', toGet: async () => 'https://bucket.example/get' },
      sendNotices: async () => undefined,
      addAudit: deps.addAudit,
      now,
      log,
    }),
    ServeExports: makeServeExports({
      checks,
      exports: makeExportStore(client, tables.settings, now),
      files: makeMemoryFiles(),
      links: { toGet: async (key) => `https://bucket.example/${key}` },
      now,
      log,
    }),
    ServeAlerts: makeServeAlerts({
      checks,
      ...makeAlertStore(client, tables.settings),
      addAudit: deps.addAudit,
      secrets: { create: async () => undefined, replace: async () => undefined, remove: async () => undefined },
      send: async () => undefined,
      isTestHost: () => false,
      newId: () => 'd1',
      randomBytes,
      now,
      log,
    }),
    DescribeApi: makeDescribeApi({ routes, log }),
  }
  return async (method, path, parts) => {
    const event = apiEvent(method, path, parts)
    const route = routes.find((one) => `${one.method} ${one.path}` === event.routeKey)
    const { statusCode, headers, body } = await handlers[route?.function ?? 'DescribeApi'](event, {} as never)
    checkDocumented(event.routeKey, statusCode, body)
    leaks.hear(`${method} ${path}`, body ?? '')
    return { status: statusCode ?? 0, headers: headers ?? {}, text: body ?? '' }
  }
}

/** The path of a route with something in the place of each name. */
export function fillPath({ path }: Pick<Route, 'path'>, names: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? 'unknown')
}
