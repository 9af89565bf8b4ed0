// What a change of an org's settings makes of the org and of its secret. Pure: who writes them, and in which order, is
// decided elsewhere.
import type { CustomerioConnection, Org, SecretFacts } from '../../../contract/org.ts'
import type { OrgSecret } from '../../../contract/secrets.ts'
import type { SettingsChange } from '../../../contract/settings.ts'
import { Fault } from '../api/fault.ts'
import { toRules } from '../measuring/metric-words.ts'

/** Whether a change needs the org's secret. */
export function touchesSecret(change: SettingsChange): boolean {
  return (
    change.app_api_key !== undefined || change.signing_key !== undefined || change.previous_signing_key !== undefined
  )
}

/**
 * The org after the change, with its next revision. `eventsMayExist` freezes the identifier: events already stored were
 * joined by the old one.
 * @throws Fault `settings.fixed`, or `body.invalid` for a metric, a column or its member named twice
 */
export function changeOrg(org: Org, change: SettingsChange, eventsMayExist: boolean): Org {
  if (change.person_identifier !== undefined && change.person_identifier !== org.personIdentifier && eventsMayExist) {
    const message = `Seen: "${change.person_identifier}". Allowed: "${org.personIdentifier}".`
    throw new Fault('settings.fixed', [{ path: 'person_identifier', message }])
  }
  checkMetrics(change)
  checkFileColumns(change)
  const { maxSignatureAgeSeconds, metricDefaults, ...rest } = org
  const defaults =
    change.metric_defaults === undefined ? metricDefaults : change.metric_defaults && toRules(change.metric_defaults)
  const age = change.max_signature_age_seconds === undefined ? maxSignatureAgeSeconds : change.max_signature_age_seconds
  return {
    ...rest,
    name: change.name ?? org.name,
    personIdentifier: change.person_identifier ?? org.personIdentifier,
    currency: change.currency ?? org.currency,
    ...(defaults && { metricDefaults: defaults }),
    ...(change.metrics && { metrics: change.metrics.map((one) => ({ name: one.name, ...toRules(one) })) }),
    ...(change.file_columns && { fileColumns: change.file_columns }),
    ...(age !== null && age !== undefined && { maxSignatureAgeSeconds: age }),
    customerio: changeConnection(org.customerio ?? { region: 'us' }, change),
    revision: nextRevision(org),
  }
}

function checkMetrics({ metrics = [] }: SettingsChange): void {
  if (new Set(metrics.map(({ name }) => name)).size === metrics.length) return
  throw new Fault('body.invalid', [{ path: 'metrics', message: 'Seen: a name twice. Allowed: each name once.' }])
}

/** Two columns of one meaning, or two meanings of one column, would make every file of the org unreadable. */
function checkFileColumns({ file_columns: columns = [] }: SettingsChange): void {
  const members = new Set(columns.map(({ member }) => member))
  const names = new Set(columns.map(({ column }) => column.trim().toLowerCase()))
  const twice = members.size < columns.length ? 'a member' : names.size < columns.length ? 'a column' : undefined
  if (twice === undefined) return
  throw new Fault('body.invalid', [{ path: 'file_columns', message: `Seen: ${twice} twice. Allowed: each once.` }])
}

function changeConnection(connection: CustomerioConnection, change: SettingsChange): CustomerioConnection {
  const { workspace: standing, ...rest } = connection
  const workspace = change.workspace === undefined ? standing : (change.workspace ?? undefined)
  return { ...rest, region: change.region ?? connection.region, ...(workspace && { workspace }) }
}

/** The secret after the change. The same signing key given again rotates nothing. */
export function changeSecret(secret: OrgSecret, change: SettingsChange): OrgSecret {
  const { appApiKey, signingKey, previousSigningKey } = secret
  const given = change.signing_key
  const rotated = given !== undefined && given !== signingKey
  const previous = rotated ? signingKey : change.previous_signing_key === null ? undefined : previousSigningKey
  const app = change.app_api_key === undefined ? appApiKey : (change.app_api_key ?? undefined)
  const current = given ?? signingKey
  return {
    ...(app !== undefined && { appApiKey: app }),
    ...(current !== undefined && { signingKey: current }),
    ...(previous !== undefined && { previousSigningKey: previous }),
  }
}

/** The org with what may be told of its secret. From the first signing key on, unsigned webhooks are refused. */
export function tellSecret(org: Org, before: OrgSecret, after: OrgSecret, nowMs: number): Org {
  const told = org.customerio ?? { region: 'us' as const }
  // A crash between secret and org leaves a key that the org does not tell of, under the facts of the one before it: facts
  // hold only for the key whose last four they name.
  const facts = (name: keyof OrgSecret, moved?: SecretFacts): SecretFacts | undefined => {
    const key = after[name]
    if (key === undefined) return undefined
    const lastFour = key.slice(-4)
    const known = (key === before[name] ? [told[name], moved] : [moved]).find((one) => one?.lastFour === lastFour)
    return known ?? { lastFour, sinceMs: nowMs }
  }
  const appApiKey = facts('appApiKey')
  const signingKey = facts('signingKey')
  const previousSigningKey = facts('previousSigningKey', told.signingKey)
  return {
    ...org,
    webhookSignature: signingKey === undefined ? org.webhookSignature : 'required',
    customerio: {
      region: told.region,
      ...(told.workspace && { workspace: told.workspace }),
      ...(appApiKey && { appApiKey }),
      ...(signingKey && { signingKey }),
      ...(previousSigningKey && { previousSigningKey }),
    },
  }
}

export function nextRevision({ revision }: { readonly revision?: number | undefined }): number {
  return (revision ?? 0) + 1
}
