// An org on a running stack that has nothing set up at Customer.io yet: keys of ours, one template, and that is all.
import { randomBytes } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { demoIntegration, demoOrg, demoTemplate, demoVariants } from '../../commands/demo-org.ts'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { mintApiKey } from '../../lambdas/domain/api-key.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { call, type DemoStack, type HttpAnswer } from './local-stack.ts'

export interface EmptyOrg {
  readonly org: OrgSlug
  readonly apiKey: string
  readonly adminKey: string
  /** A route below the org's own path. */
  readonly manage: (method: string, path: string, body?: object) => Promise<HttpAnswer>
}

export async function makeEmptyOrg(stack: DemoStack, slug: string): Promise<EmptyOrg> {
  const org = orgSlugSchema.parse(slug)
  const { url: endpoint, region, credentials } = stack.local.ready.endpoints.dynamodb
  const client = new DynamoDBClient({ endpoint, region, credentials })
  const settings = makeSettingsStore(client, String(stack.local.ready.outputs.SettingsTableName))
  const createdAtMs = Date.now()
  const caller = mintApiKey('dev', { scopes: ['generate'], createdAtMs }, randomBytes)
  const admin = mintApiKey('dev', { scopes: ['admin'], createdAtMs }, randomBytes)
  await settings.putOrg({ ...demoOrg, org, name: slug, webhookSignature: 'none' })
  await settings.putTemplate(org, demoTemplate)
  for (const variant of demoVariants) await settings.putVariant(org, demoTemplate.templateId, variant)
  await settings.putIntegration(org, demoIntegration)
  await settings.putApiKey(org, caller.stored)
  await settings.putApiKey(org, admin.stored)
  const manage = (method: string, path: string, body?: object) =>
    call(stack, `/api/orgs/${org}${path}`, {
      method,
      headers: { 'x-api-key': admin.key, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return { org, apiKey: caller.key, adminKey: admin.key, manage }
}
