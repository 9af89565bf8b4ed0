// An org as its settings are shown, and as the audit log keeps it. Nothing here holds a secret.
import type { Org, SecretFacts } from '../../../contract/org.ts'
import type { OrgLimits, RateLimit } from '../../../contract/rate-limit.ts'
import type { SettingsAnswer } from '../../../contract/settings.ts'
import { showRules } from '../measuring/metric-words.ts'

/** What the org's own admins may change, and what follows from it. */
type OwnSettings = Omit<SettingsAnswer, 'limits'>

/** `apiUrl` is where the service is reached, without a slash at the end. */
export function showSettings(org: Org, apiUrl: string): OwnSettings {
  const { customerio } = org
  return {
    org: org.org,
    name: org.name,
    esp: 'customerio',
    region: customerio?.region ?? 'us',
    workspace: customerio?.workspace ?? null,
    person_identifier: org.personIdentifier,
    currency: org.currency,
    metric_defaults: org.metricDefaults === undefined ? null : showRules(org.metricDefaults),
    metrics: (org.metrics ?? []).map((metric) => ({ name: metric.name, ...showRules(metric) })),
    file_columns: (org.fileColumns ?? []).map(({ member, column }) => ({ member, column })),
    max_signature_age_seconds: org.maxSignatureAgeSeconds ?? null,
    app_api_key: showSecret(customerio?.appApiKey),
    signing_key: showSecret(customerio?.signingKey),
    previous_signing_key: showSecret(customerio?.previousSigningKey),
    webhook_url: webhookUrl(apiUrl, org.org),
  }
}

/** The limits in force for an org. */
export function showLimits({ generate, events }: OrgLimits): SettingsAnswer['limits'] {
  return { generate: showLimit(generate), events: showLimit(events) }
}

export function showLimit({ perSecond, burst }: RateLimit): SettingsAnswer['limits']['generate'] {
  return { per_second: perSecond, burst }
}

/** Where Customer.io's reporting webhook of an org must point. */
export function webhookUrl(apiUrl: string, org: string): string {
  return `${apiUrl}/api/webhook/cio/${org}`
}

function showSecret(facts: SecretFacts | undefined): SettingsAnswer['signing_key'] {
  return facts === undefined ? null : { last_four: facts.lastFour, since: new Date(facts.sinceMs).toISOString() }
}
