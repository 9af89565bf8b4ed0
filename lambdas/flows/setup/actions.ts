// Every route about the set-up with what it does. A route without an entry here is a type error.
import type { RouteKeyOf } from '../../../contract/routes.ts'
import type { Action } from '../manage/call.ts'
import { type AskDeps, askIntegration, askSettings, askWebhook } from './ask.ts'
import { type BackfillRouteDeps, backfill } from './backfill.ts'
import { type HealthDeps, readHealth } from './health.ts'
import { listActions, listCampaigns, listWorkspaces } from './lists.ts'

export interface SetupDeps extends AskDeps, BackfillRouteDeps, HealthDeps {
  readonly verifications: AskDeps['verifications']
}

export function setupActions(deps: SetupDeps): Readonly<Record<RouteKeyOf<'CheckSetup', 'member'>, Action>> {
  return {
    'POST /api/orgs/{org}/settings/verify': askSettings(deps),
    'GET /api/orgs/{org}/customerio/workspaces': listWorkspaces(deps),
    'GET /api/orgs/{org}/customerio/campaigns': listCampaigns(deps),
    'GET /api/orgs/{org}/customerio/campaigns/{campaign}/actions': listActions(deps),
    'POST /api/orgs/{org}/reporting-webhook': askWebhook(deps),
    'POST /api/orgs/{org}/templates/{template}/integration/verify': askIntegration(deps),
    'POST /api/orgs/{org}/backfill': backfill(deps),
    'GET /api/orgs/{org}/health': readHealth(deps),
  }
}
