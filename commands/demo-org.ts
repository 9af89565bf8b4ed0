// The demo org: one template with three wordings, connected to campaign 23 as the setup document says.
import { actionIdSchema, copyIdSchema, orgSlugSchema, sourceRefSchema, templateIdSchema } from '../contract/ids.ts'
import type { Integration } from '../contract/integration.ts'
import { defaultCopyLimitBytes, defaultServeWindowDays } from '../contract/limits.ts'
import { usualMetricRules } from '../contract/metric.ts'
import type { Org } from '../contract/org.ts'
import type { Template, Variant } from '../contract/template.ts'

export const demoOrg: Org = {
  org: orgSlugSchema.parse('acme'),
  name: 'Acme',
  personIdentifier: 'id',
  currency: 'USD',
  webhookSignature: 'required',
  metrics: [{ ...usualMetricRules, name: 'purchase' }],
}

/** Who may sign in to the console: one person of each role. */
export const demoPeople = [
  { email: 'admin@acme.test', groups: ['org:acme:admin'] },
  { email: 'viewer@acme.test', groups: ['org:acme:viewer'] },
] as const

const templateId = templateIdSchema.parse('welcome_email')

export const demoTemplate: Template = {
  templateId,
  name: 'Welcome e-mail',
  status: 'active',
  splitMode: 'external',
  controlShare: 0,
  keyMetric: 'converted',
  copyLimitBytes: defaultCopyLimitBytes,
}

function wording(id: string, subject: string, body: string): Variant {
  const vars = { subject, body }
  return { copyId: copyIdSchema.parse(id), arm: 'treatment', status: 'active', vars, attrs: {} }
}

export const demoVariants: readonly Variant[] = [
  wording('welcome_warm', 'Welcome aboard, {{ first_name }}', 'We are glad that you are here, {{ first_name }}.'),
  wording('welcome_plain', 'Your account is ready', 'Everything is set up. Sign in and look around.'),
  wording('welcome_offer', '{{ first_name }}, 10% off your first order', 'Use WELCOME10 within seven days.'),
]

export const demoIntegration: Integration = {
  source: sourceRefSchema.parse('campaign:23'),
  templateId,
  webhookActionIds: [actionIdSchema.parse('41')],
  controlActionIds: [actionIdSchema.parse('42')],
  treatmentActionIds: [],
  serveWindowDays: defaultServeWindowDays,
}
