// The routes of alerts: settings, destinations, tests, and what became of deliveries.
import type { AlertSettings, Delivery, DeliveryMessage, Destination, Firing } from '../../../contract/alert.ts'
import { alertKinds } from '../../../contract/alert.ts'
import { alertSettingsRequestSchema, destinationRequestSchema } from '../../../contract/alert-answers.ts'
import type { AuditEntry } from '../../../contract/audit.ts'
import type { OrgSlug } from '../../../contract/ids.ts'
import { maxDestinations } from '../../../contract/limits.ts'
import type { RouteKeyOf } from '../../../contract/routes.ts'
import { readDestination } from '../../domain/alerts/public-address.ts'
import { fromWire, showAlerts, showDelivery, showDestination, toWire } from '../../domain/alerts/show-alerts.ts'
import { makeTest, mintSecret } from '../../domain/alerts/sign-delivery.ts'
import { Fault } from '../../domain/api/fault.ts'
import { readPage } from '../../domain/api/read-page.ts'
import { type Action, type Call, readBody } from '../manage/call.ts'

export interface AlertRoutesDeps {
  readonly readAlerts: (org: OrgSlug) => Promise<{
    readonly settings: AlertSettings
    readonly destinations: readonly Destination[]
    readonly firing: readonly Firing[]
  }>
  readonly putSettings: (org: OrgSlug, settings: AlertSettings) => Promise<void>
  readonly putDestination: (org: OrgSlug, destination: Destination) => Promise<void>
  readonly replaceDestination: (org: OrgSlug, before: Destination, after: Destination) => Promise<boolean>
  readonly removeDestination: (org: OrgSlug, id: string) => Promise<void>
  readonly addDelivery: (org: OrgSlug, delivery: Delivery) => Promise<void>
  readonly listDeliveries: (
    org: OrgSlug,
    limit: number,
    next?: string,
  ) => Promise<{ readonly deliveries: readonly Delivery[]; readonly next?: string }>
  readonly secrets: {
    readonly create: (org: OrgSlug, destinationId: string, secret: string) => Promise<void>
    readonly replace: (org: OrgSlug, destinationId: string, secret: string) => Promise<void>
    readonly remove: (org: OrgSlug, destinationId: string) => Promise<void>
  }
  readonly send: (org: OrgSlug, messages: readonly DeliveryMessage[]) => Promise<void>
  readonly addAudit: (org: OrgSlug, entry: AuditEntry) => Promise<void>
  readonly isTestHost: (host: string) => boolean
  readonly newId: () => string
  readonly randomBytes: (count: number) => Uint8Array
  readonly now: () => number
}

/** What replacing a destination's secret takes. */
export type ReplaceSecretDeps = Pick<
  AlertRoutesDeps,
  'readAlerts' | 'replaceDestination' | 'addAudit' | 'randomBytes' | 'now'
> & { readonly secrets: Pick<AlertRoutesDeps['secrets'], 'replace'> }

export function alertActions(deps: AlertRoutesDeps): Readonly<Record<RouteKeyOf<'ServeAlerts', 'member'>, Action>> {
  return {
    'GET /api/orgs/{org}/alerts': async ({ org }) => ({
      body: showAlerts(await deps.readAlerts(org), deps.now()),
    }),
    'PUT /api/orgs/{org}/alerts/settings': putSettings(deps),
    'POST /api/orgs/{org}/alerts/destinations': addDestination(deps),
    'DELETE /api/orgs/{org}/alerts/destinations/{id}': removeDestination(deps),
    'POST /api/orgs/{org}/alerts/destinations/{id}/rotate': replaceSecret(deps),
    'POST /api/orgs/{org}/alerts/destinations/{id}/test': sendTest(deps),
    'GET /api/orgs/{org}/alerts/deliveries': async ({ org, query }) => {
      const { limit, next } = readPage(query)
      const page = await deps.listDeliveries(org, limit, next)
      return { body: { deliveries: page.deliveries.map(showDelivery), next: page.next ?? null } }
    },
  }
}

function putSettings(deps: AlertRoutesDeps): Action {
  return async (call) => {
    const settings = fromWire(readBody(alertSettingsRequestSchema, call))
    const before = await deps.readAlerts(call.org)
    await deps.putSettings(call.org, settings)
    await audit(deps, call, 'alerts', toWire(before.settings), toWire(settings))
    return { body: toWire(settings) }
  }
}

/** The secret is stored before it is told of, so that nothing is ever sent unsigned. */
function addDestination(deps: AlertRoutesDeps): Action {
  return async (call) => {
    const { url: text, kinds = alertKinds } = readBody(destinationRequestSchema, call)
    const read = readDestination(text, deps.isTestHost)
    if (!read.ok) throw new Fault('destination.refused', [{ path: 'url', message: read.reason }])
    const { destinations } = await deps.readAlerts(call.org)
    if (destinations.length >= maxDestinations) throw new Fault('destination.too_many')
    const secret = mintSecret(deps.randomBytes)
    const added: Destination = {
      id: deps.newId(),
      url: read.url.href,
      kinds: [...new Set(kinds)],
      createdAtMs: deps.now(),
      lastFour: secret.slice(-4),
    }
    await deps.secrets.create(call.org, added.id, secret)
    await deps.putDestination(call.org, added)
    await audit(deps, call, `destination:${added.id}`, null, showDestination(added, deps.now()))
    return { body: { ...showDestination(added, deps.now()), secret } }
  }
}

function removeDestination(deps: AlertRoutesDeps): Action {
  return async (call) => {
    const found = await getDestination(deps, call)
    await deps.removeDestination(call.org, found.id)
    await deps.secrets.remove(call.org, found.id)
    await audit(deps, call, `destination:${found.id}`, showDestination(found, deps.now()), null)
    return { body: showDestination(found, deps.now()) }
  }
}

/**
 * The destination is written first, so that of two who replace its secret at once one is told so; who is killed in between has
 * told nobody of a secret, and does it again.
 */
export function replaceSecret(deps: ReplaceSecretDeps): Action {
  return async (call) => {
    const found = await getDestination(deps, call)
    const secret = mintSecret(deps.randomBytes)
    const replaced: Destination = { ...found, lastFour: secret.slice(-4), rotatedAtMs: deps.now() }
    if (!(await deps.replaceDestination(call.org, found, replaced))) throw new Fault('settings.changed')
    await deps.secrets.replace(call.org, found.id, secret)
    const [before, after] = [found, replaced].map((one) => showDestination(one, deps.now()))
    await audit(deps, call, `destination:${found.id}`, before ?? null, after ?? null)
    return { body: { ...showDestination(replaced, deps.now()), secret } }
  }
}

function sendTest(deps: AlertRoutesDeps): Action {
  return async (call) => {
    const delivery = makeTest(call.org, await getDestination(deps, call), deps.now())
    await deps.addDelivery(call.org, delivery)
    await deps.send(call.org, [{ org: call.org, id: delivery.id }])
    return { body: showDelivery(delivery) }
  }
}

async function getDestination(deps: Pick<AlertRoutesDeps, 'readAlerts'>, { org, path }: Call): Promise<Destination> {
  const found = (await deps.readAlerts(org)).destinations.find(({ id }) => id === path.id)
  if (found === undefined) throw new Fault('destination.unknown')
  return found
}

async function audit(
  deps: Pick<AlertRoutesDeps, 'addAudit' | 'now'>,
  { org, who, action }: Call,
  what: string,
  before: AuditEntry['before'],
  after: AuditEntry['after'],
): Promise<void> {
  await deps.addAudit(org, { atMs: deps.now(), who, action, what, before, after })
}
