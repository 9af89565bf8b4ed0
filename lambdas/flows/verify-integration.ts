// Asks Customer.io whether a template's campaign is set up as its integration says. Changes nothing anywhere.
import type { Campaign, CampaignAction } from '../../contract/customerio.ts'
import type { Integration } from '../../contract/integration.ts'
import { CioFailure, explainFailure, isPassing } from '../domain/health/cio-failure.ts'
import { judgeCampaign } from '../domain/health/judge-campaign.ts'
import type { Verified } from './setup/keep-findings.ts'

export interface Campaigns {
  findCampaign(campaignId: string): Promise<Campaign | undefined>
  listActions(campaignId: string): Promise<CampaignAction[]>
}

const light = { id: 'integration.campaign', title: 'Campaign exists and runs' } as const

/** Every source of a template. Never throws for what Customer.io answers: that is in the findings. */
export async function verifyIntegrations(
  cio: Campaigns,
  integrations: readonly Integration[],
  generateUrl: string,
): Promise<Verified> {
  if (integrations.length === 0) {
    const what_to_do = 'Save the Campaign ID in the template’s integration settings.'
    const seen = 'No campaign is connected to the template yet.'
    return { findings: [{ ...light, state: 'waiting', seen, what_to_do }], conclusive: false }
  }
  const all: Verified[] = []
  for (const integration of integrations) {
    const { findings, conclusive } = await verifyIntegration(cio, integration, generateUrl)
    const nameOf = (id: string) => (integrations.length === 1 ? id : `${id}@${integration.source}`)
    all.push({ findings: findings.map((finding) => ({ ...finding, id: nameOf(finding.id) })), conclusive })
  }
  return { findings: all.flatMap(({ findings }) => findings), conclusive: all.every(({ conclusive }) => conclusive) }
}

async function verifyIntegration(cio: Campaigns, integration: Integration, generateUrl: string): Promise<Verified> {
  const [kind, campaignId = ''] = integration.source.split(':')
  if (kind !== 'campaign') {
    const seen = `The template is connected to a ${kind}; only campaigns can be looked up.`
    return { findings: [{ ...light, state: 'ok', seen, what_to_do: '' }], conclusive: true }
  }
  try {
    const campaign = await cio.findCampaign(campaignId)
    const actions = campaign === undefined ? [] : await cio.listActions(campaignId)
    const findings = judgeCampaign({ integration, campaignId, campaign, actions, generateUrl })
    return { findings, conclusive: true }
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    const passing = isPassing(failure)
    const finding = { ...light, state: passing ? 'waiting' : 'broken', ...explainFailure(failure) } as const
    return { findings: [finding], conclusive: !passing }
  }
}
