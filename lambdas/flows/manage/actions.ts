// Every route of the console and of administrators with what it does. A route without an entry here is a type error.
import type { RouteKeyOf } from '../../../contract/routes.ts'
import type { Action } from './call.ts'
import { putSettings, readSettings, type SettingsDeps } from './settings.ts'

export type ManageDeps = SettingsDeps

type MemberRouteKey = RouteKeyOf<'Manage', 'member'>

export function memberActions(deps: ManageDeps): Readonly<Record<MemberRouteKey, Action>> {
  return {
    'GET /api/orgs/{org}/settings': readSettings(deps),
    'PUT /api/orgs/{org}/settings': putSettings(deps),
  }
}
