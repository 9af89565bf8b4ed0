// What to paste into a webhook action of Customer.io, for one template: it asks for a person's copy and keeps the answer.
// Every variable has a default, because an action whose Liquid names something missing fails before it calls.
import type { OrgSlug, PersonIdentifier } from '../../../contract/ids.ts'
import type { Template } from '../../../contract/template.ts'

export interface IntegrationFacts {
  readonly apiUrl: string
  readonly org: OrgSlug
  readonly personIdentifier: PersonIdentifier
  readonly template: Template
  /** Names, each as often as it likes. */
  readonly variables: readonly string[]
  readonly attributes: readonly string[]
  readonly fields: readonly string[]
}

export function writeIntegrationText(facts: IntegrationFacts) {
  const { apiUrl, org, personIdentifier, template } = facts
  const scope = template.attributeScope ?? 'customer'
  const attribute = `jw_${template.templateId}`
  const lines = [
    `  "template_id": ${JSON.stringify(template.templateId)}`,
    `  "user_id": ${liquid(personIdentifier)}`,
    ...group('attrs', facts.attributes),
    ...group('fields', facts.fields),
  ]
  return {
    method: 'POST' as const,
    url: `${apiUrl}/api/generate/${org}`,
    headers: [
      { name: 'X-Api-Key', value: '<an API key with the scope generate>' },
      { name: 'Content-Type', value: 'application/json' },
    ],
    body: `{\n${lines.join(',\n')}\n}`,
    response: { scope, attribute, value: '{{ response.copy | json }}' },
    message: namesIn(facts.variables).map((variable) => ({
      variable,
      liquid: `{{ ${scope}.${attribute}.vars.${variable} }}`,
    })),
  }
}

/** The `json` filter quotes and escapes, so the value stands without quotes of its own. */
function liquid(name: string): string {
  const path = /^[A-Za-z_]\w*$/.test(name) ? `customer.${name}` : `customer[${quoted(name)}]`
  return `{{ ${path} | default: "" | json }}`
}

/** Liquid's strings know no escapes: they are quoted with what they do not hold. */
function quoted(name: string): string {
  return name.includes('"') ? `'${name}'` : `"${name}"`
}

function group(member: string, names: readonly string[]): string[] {
  const lines = namesIn(names).map((name) => `    ${JSON.stringify(name)}: ${liquid(name)}`)
  return lines.length === 0 ? [] : [`  "${member}": {\n${lines.join(',\n')}\n  }`]
}

function namesIn(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
