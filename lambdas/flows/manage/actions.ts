// Every route of the console and of administrators with what it does. A route without an entry here is a type error.
import type { RouteKeyOf } from '../../../contract/routes.ts'
import type { Action, OperatorAction } from './call.ts'
import { addCopy, archiveCopy, type CopiesDeps, listCopies, putCopy } from './copies.ts'
import { type EventsDeps, readEvents } from './events.ts'
import { type IntegrationDeps, putIntegration, readIntegration } from './integration.ts'
import { type KeysDeps, listKeys, makeKey, revokeKey } from './keys.ts'
import { createOrg, type OrgsDeps, readAudit } from './orgs.ts'
import { type PreviewDeps, previewTemplate } from './preview.ts'
import { listQuarantine, type QuarantineDeps, replayBody } from './quarantine.ts'
import { putSettings, readSettings, type SettingsDeps } from './settings.ts'
import { liftCopyStop, type StopsDeps } from './stops.ts'
import { archiveTemplate, listTemplates, putTemplate, readTemplate } from './templates.ts'

export type ManageDeps = SettingsDeps &
  OrgsDeps &
  KeysDeps &
  CopiesDeps &
  StopsDeps &
  IntegrationDeps &
  PreviewDeps &
  EventsDeps &
  QuarantineDeps

type MemberRouteKey = RouteKeyOf<'Manage', 'member'>
type OperatorRouteKey = RouteKeyOf<'Manage', 'operator'>

export function memberActions(deps: ManageDeps): Readonly<Record<MemberRouteKey, Action>> {
  return {
    'GET /api/orgs/{org}/settings': readSettings(deps),
    'PUT /api/orgs/{org}/settings': putSettings(deps),
    'GET /api/orgs/{org}/keys': listKeys(deps),
    'POST /api/orgs/{org}/keys': makeKey(deps),
    'DELETE /api/orgs/{org}/keys/{key}': revokeKey(deps),
    'GET /api/orgs/{org}/audit': readAudit(deps),
    'GET /api/orgs/{org}/events': readEvents(deps),
    'GET /api/orgs/{org}/quarantine': listQuarantine(deps),
    'POST /api/orgs/{org}/quarantine/{id}/replay': replayBody(deps),
    'GET /api/orgs/{org}/templates': listTemplates(deps),
    'GET /api/orgs/{org}/templates/{template}': readTemplate(deps),
    'PUT /api/orgs/{org}/templates/{template}': putTemplate(deps),
    'DELETE /api/orgs/{org}/templates/{template}': archiveTemplate(deps),
    'GET /api/orgs/{org}/templates/{template}/variants': listCopies(deps),
    'POST /api/orgs/{org}/templates/{template}/variants': addCopy(deps),
    'PUT /api/orgs/{org}/templates/{template}/variants/{copy}': putCopy(deps),
    'DELETE /api/orgs/{org}/templates/{template}/variants/{copy}': archiveCopy(deps),
    'POST /api/orgs/{org}/templates/{template}/variants/{copy}/lift-stop': liftCopyStop(deps),
    'GET /api/orgs/{org}/templates/{template}/integration': readIntegration(deps),
    'PUT /api/orgs/{org}/templates/{template}/integration': putIntegration(deps),
    'POST /api/orgs/{org}/templates/{template}/preview': previewTemplate(deps),
  }
}

export function operatorActions(deps: OrgsDeps): Readonly<Record<OperatorRouteKey, OperatorAction>> {
  return { 'POST /api/orgs': createOrg(deps) }
}
