// Asks Customer.io whether a template's campaign is set up as its integration says. Changes nothing anywhere.
import type { Finding } from '../../contract/check.ts'
import type { Campaign, CampaignAction } from '../../contract/customerio.ts'
import type { Integration } from '../../contract/integration.ts'
import { CioFailure, explainFailure, isPassing } from '../domain/cio-failure.ts'
import { judgeCampaign } from '../domain/judge-campaign.ts'

export interface Campaigns {
  findCampaign(campaignId: string): Promise<Campaign | undefined>
  listActions(campaignId: string): Promise<CampaignAction[]>
}

const light = { id: 'integration.campaign', title: 'Campaign exists and runs' } as const

/** Never throws for what Customer.io answers: that is in the findings. */
export async function verifyIntegration(
  cio: Campaigns,
  integration: Integration | undefined,
  generateUrl: string,
): Promise<Finding[]> {
  if (integration === undefined) {
    const what_to_do = 'Save the Campaign ID in the template’s integration settings.'
    return [{ ...light, state: 'waiting', seen: 'No campaign is connected to the template yet.', what_to_do }]
  }
  const [kind, campaignId = ''] = integration.source.split(':')
  if (kind !== 'campaign') {
    const seen = `The template is connected to a ${kind}; only campaigns can be looked up.`
    return [{ ...light, state: 'ok', seen, what_to_do: '' }]
  }
  try {
    const campaign = await cio.findCampaign(campaignId)
    const actions = campaign === undefined ? [] : await cio.listActions(campaignId)
    return judgeCampaign({ integration, campaignId, campaign, actions, generateUrl })
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    return [{ ...light, state: isPassing(failure) ? 'waiting' : 'broken', ...explainFailure(failure) }]
  }
}
