// What has to change at Customer.io so that it has one reporting webhook that calls us, with the events that we need. It
// never takes away what somebody else chose: other events stay, and webhooks of others are not touched.
import type { ReportingWebhook, WebhookSettings } from '../../../contract/customerio.ts'

const metricsByChannel: Readonly<Record<string, string>> = {
  email: 'sent delivered opened clicked converted bounced dropped spammed failed unsubscribed undeliverable',
  push: 'sent delivered opened clicked converted bounced dropped failed undeliverable',
  sms: 'sent delivered clicked converted bounced failed undeliverable replied',
  in_app: 'sent opened clicked converted failed undeliverable',
  whatsapp: 'sent delivered opened clicked converted bounced dropped failed undeliverable replied',
  // The webhook action's own calls: they carry the journey that joins a message to its copy, and show failing calls.
  webhook: 'sent attempted failed undeliverable',
}

/** Every event that measuring reads, by Customer.io's names. */
export const neededEvents: readonly string[] = Object.entries(metricsByChannel).flatMap(([channel, metrics]) =>
  metrics.split(' ').map((metric) => `${channel}_${metric}`),
)

/** Customer.io's name of what our key metrics are made of; the others say nothing of the webhook. */
const metricsBehind: Readonly<Record<string, string>> = { human_opened: 'opened', human_clicked: 'clicked' }

/**
 * Without these, results are wrong and not only less: that a message was sent and what decides, of each channel that has
 * anything selected (of e-mail, when none has), and what is told of the webhook action's own calls.
 * @param selected the events of our reporting webhook
 */
export function essentialEvents(selected: readonly string[], keyMetrics: readonly string[]): string[] {
  const metrics = new Set(['sent', ...keyMetrics.map((metric) => metricsBehind[metric] ?? metric)])
  const channels = Object.keys(metricsByChannel).filter((channel) => channel !== 'webhook')
  const used = channels.filter((channel) => selected.some((event) => event.startsWith(`${channel}_`)))
  const messages = new Set(used.length === 0 ? ['email'] : used)
  return neededEvents.filter((event) => {
    const channel = Object.keys(metricsByChannel).find((each) => event.startsWith(`${each}_`)) ?? ''
    return channel === 'webhook' || (messages.has(channel) && metrics.has(event.slice(channel.length + 1)))
  })
}

export interface WebhookWish {
  /** Our address for this org's events, whole. */
  readonly endpoint: string
  /** Whether a signing key is stored that can be this webhook's: a webhook made after it was stored has another one. */
  readonly mayEnable: boolean
  /** Which one was ours when it was last looked: known again by that when somebody moved it. */
  readonly knownId?: string | undefined
}

export interface WebhookPlan {
  /** The one that is, or is to be, ours; absent when one has to be made. */
  readonly ours: ReportingWebhook | undefined
  readonly create: WebhookSettings | undefined
  readonly updates: readonly { readonly id: string; readonly settings: WebhookSettings }[]
  /** What was not as it should be, in words that follow "The reporting webhook". */
  readonly drifts: readonly string[]
}

/**
 * Another host with the same path is another stage, or somebody else's system: only a webhook that was ours before is taken
 * for ours elsewhere.
 * @param found every reporting webhook of the workspace
 */
export function planReportingWebhook(found: readonly ReportingWebhook[], wish: WebhookWish): WebhookPlan {
  const exact = found.filter(({ endpoint }) => sameAddress(endpoint, wish.endpoint))
  const moved = found.find(({ id }) => id === wish.knownId)
  const ours = exact.find(({ disabled }) => !disabled) ?? exact[0] ?? moved
  if (ours === undefined) return { ours, create: firstSettings(wish), updates: [], drifts: [] }
  const twins = exact.filter((other) => other !== ours && !other.disabled)
  const missing = neededEvents.filter((event) => !ours.events.includes(event))
  const settings = {
    ...settingsOf(ours),
    endpoint: wish.endpoint,
    disabled: ours.disabled && !wish.mayEnable,
    events: [...ours.events, ...missing],
  }
  const drifts = [
    ...(exact.includes(ours) ? [] : [`calls ${shownAddress(ours.endpoint)} instead of us`]),
    ...(ours.disabled ? ['is disabled'] : []),
    ...(missing.length > 0 ? [`lacks ${missing.length} of the events that are measured`] : []),
    ...(twins.length > 0
      ? [`has ${twins.length} twin${twins.length > 1 ? 's' : ''} that report the same events again`]
      : []),
  ]
  const isChanged = ours.endpoint !== wish.endpoint || ours.disabled !== settings.disabled || missing.length > 0
  const updates = [
    ...(isChanged ? [{ id: ours.id, settings }] : []),
    ...twins.map((twin) => ({ id: twin.id, settings: { ...settingsOf(twin), disabled: true } })),
  ]
  return { ours, create: undefined, updates, drifts }
}

/** Made disabled: until its signing key is stored, its events would be refused, or accepted unsigned. */
function firstSettings({ endpoint }: WebhookWish): WebhookSettings {
  const events = [...neededEvents]
  return { name: 'JustAI', endpoint, disabled: true, full_resolution: false, with_content: false, events }
}

function settingsOf({ id: _id, ...settings }: ReportingWebhook): WebhookSettings {
  return settings
}

function sameAddress(a: string, b: string): boolean {
  return addressOf(a) !== undefined && addressOf(a) === addressOf(b)
}

function addressOf(text: string): string | undefined {
  const url = URL.parse(text)
  return url === null ? undefined : `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`
}

/** Without what a URL may carry in secret: names, passwords and query. */
export function shownAddress(text: string): string {
  return addressOf(text)?.slice(0, 200) ?? 'something that is no URL'
}
