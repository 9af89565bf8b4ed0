// The routes that list what an org has at Customer.io, for people to choose from. What Customer.io answers is never a fault
// of the request: it is told beside an empty list.
import type { ActionsAnswer, CampaignsAnswer, WorkspacesAnswer } from '../../../contract/customerio-lists.ts'
import { campaignIdPattern } from '../../../contract/setup-answers.ts'
import { CioFailure, explainFailure, isPassing } from '../../domain/health/cio-failure.ts'
import { shownAddress } from '../../domain/health/plan-reporting-webhook.ts'
import type { Action, Call } from '../manage/call.ts'
import { type ConnectDeps, type Customerio, connect, noKey } from './customerio.ts'

export interface ListDeps extends ConnectDeps {
  readonly apiUrl: string
}

type Outcome = Pick<WorkspacesAnswer, 'state' | 'seen' | 'what_to_do'>
interface Listed<T> {
  readonly outcome: Outcome
  readonly list: readonly T[]
}

export function listWorkspaces(deps: ListDeps): Action {
  return async (call) => {
    const { outcome, list } = await listed(deps, call, 'workspaces', (cio) => cio.listWorkspaces())
    const workspaces = list.map(({ id, name }) => ({ id, name: name ?? '' }))
    return { body: { ...outcome, workspaces } satisfies WorkspacesAnswer }
  }
}

export function listCampaigns(deps: ListDeps): Action {
  return async (call) => {
    const { outcome, list } = await listed(deps, call, 'campaigns', (cio) => cio.listCampaigns())
    const campaigns = list.map(({ id, name, state, active }) => {
      return { id, name: name ?? '', state: state ?? (active === true ? 'running' : 'unknown') }
    })
    return { body: { ...outcome, campaigns } satisfies CampaignsAnswer }
  }
}

export function listActions(deps: ListDeps): Action {
  return async (call) => {
    const campaignId = call.path.campaign ?? ''
    if (!campaignIdPattern.test(campaignId)) {
      const seen = `A Campaign ID is 1 to 19 digits; saw ${campaignId.length} characters that are not.`
      const body: ActionsAnswer = { state: 'broken', seen, what_to_do: 'Check the Campaign ID.', actions: [] }
      return { body }
    }
    const { outcome, list } = await listed(deps, call, 'actions', (cio) => cio.listActions(campaignId))
    const ours = shownAddress(`${deps.apiUrl}/api/generate/${call.org}`)
    const actions = list.map(({ id, name, type, url }) => {
      const callsUs = type === 'webhook' && shownAddress(url ?? '') === ours
      return { id, name: name ?? '', type: type ?? 'unknown', calls_us: callsUs }
    })
    return { body: { ...outcome, actions } satisfies ActionsAnswer }
  }
}

async function listed<T>(
  deps: ListDeps,
  call: Call,
  nouns: string,
  list: (cio: Customerio) => Promise<readonly T[]>,
): Promise<Listed<T>> {
  const { region, ask } = await connect(deps, call)
  if (ask === undefined) return { outcome: { state: 'waiting', ...noKey }, list: [] }
  try {
    const found = await list(ask(region))
    return { outcome: { state: 'ok', seen: `Customer.io has ${found.length} ${nouns}.`, what_to_do: '' }, list: found }
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    return { outcome: { state: isPassing(failure) ? 'waiting' : 'broken', ...explainFailure(failure) }, list: [] }
  }
}
