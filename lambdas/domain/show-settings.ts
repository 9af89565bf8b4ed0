// An org as its settings are shown, and as the audit log keeps it. Nothing here holds a secret.
import type { Org, SecretFacts } from '../../contract/org.ts'
import type { SettingsAnswer } from '../../contract/settings.ts'
import { showRules } from './metric-words.ts'

/** `apiUrl` is where the service is reached, without a slash at the end. */
export function showSettings(org: Org, apiUrl: string): SettingsAnswer {
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

/** Where Customer.io's reporting webhook of an org must point. */
export function webhookUrl(apiUrl: string, org: string): string {
  return `${apiUrl}/api/webhook/cio/${org}`
}

function showSecret(facts: SecretFacts | undefined): SettingsAnswer['signing_key'] {
  return facts === undefined ? null : { last_four: facts.lastFour, since: new Date(facts.sinceMs).toISOString() }
}
