// The org that everything is measured with: a template with five copies, one campaign, a key for `generate` and a signing key.
import { randomBytes } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { actionIdSchema, copyIdSchema, orgSlugSchema, sourceRefSchema, templateIdSchema } from '../contract/ids.ts'
import type { Integration } from '../contract/integration.ts'
import { defaultCopyLimitBytes, defaultServeWindowDays } from '../contract/limits.ts'
import type { Org } from '../contract/org.ts'
import type { Template, Variant } from '../contract/template.ts'
import { mintApiKey } from '../lambdas/domain/settings/api-key.ts'
import { makeSettingsStore } from '../lambdas/store/settings.ts'
import { tables } from './services.ts'

export const slug = orgSlugSchema.parse('acme')
export const stage = 'prod'
export const signingKey = '3f9d2c7a5be14860a1c39d7e6f02b4585ac0d19e7b6342f8'
export const actions = { webhook: 41, control: 42, treatment: 43 } as const

const org: Org = {
  org: slug,
  name: 'Acme',
  personIdentifier: 'id',
  currency: 'USD',
  webhookSignature: 'required',
}

export const template: Template = {
  templateId: templateIdSchema.parse('welcome_email'),
  name: 'Welcome e-mail',
  status: 'active',
  splitMode: 'external',
  controlShare: 0,
  keyMetric: 'converted',
  copyLimitBytes: defaultCopyLimitBytes,
}

/** Two with Liquid, three without. */
const texts = [
  ['Welcome aboard, {{ first_name }}', 'We are glad that you are here, {{ first_name }}. Your first order ships free.'],
  ['Your account is ready', 'Everything is set up. Sign in, look around, and tell us what you think of it.'],
  ['{{ first_name }}, 10% off your first order', 'Use WELCOME10 within seven days, {{ first_name | capitalize }}.'],
  ['Three things to try first', 'Save a list, follow a brand, and set an alert: it takes less than two minutes.'],
  [
    'A short tour of your account',
    'Where your orders are, how returns work, and whom to ask when something is unclear.',
  ],
] as const

export const variants: readonly Variant[] = texts.map(([subject, body], at) => ({
  copyId: copyIdSchema.parse(`welcome_${at + 1}`),
  arm: 'treatment',
  status: 'active',
  vars: { subject, body },
  attrs: {},
}))

const integration: Integration = {
  source: sourceRefSchema.parse('campaign:23'),
  templateId: template.templateId,
  webhookActionIds: [actionIdSchema.parse(String(actions.webhook))],
  controlActionIds: [actionIdSchema.parse(String(actions.control))],
  treatmentActionIds: [],
  serveWindowDays: defaultServeWindowDays,
}

/** Stores all of it and answers the key that was minted for `generate`. */
export async function storeOrg(client: DynamoDBClient): Promise<string> {
  const settings = makeSettingsStore(client, tables.settings)
  const { key, stored } = mintApiKey(stage, { scopes: ['generate'], createdAtMs: Date.now() }, randomBytes)
  await settings.putOrg(org)
  await settings.putApiKey(slug, stored)
  await settings.putTemplate(slug, template)
  for (const variant of variants) await settings.putVariant(slug, template.templateId, variant)
  await settings.putIntegration(slug, integration)
  return key
}
