// Which rules an event name is counted by: its own definition, or the org's defaults.
import { currencySchema } from '../../../contract/ids.ts'
import { type MetricRules, usualMetricRules } from '../../../contract/metric.ts'
import type { Org } from '../../../contract/org.ts'

export interface MetricsInForce {
  /** Names with a definition of their own. */
  readonly defined: readonly string[]
  readonly find: (name: string) => MetricRules
  /** Some name counts from the delivery of its message on. */
  readonly anchorsOnDelivered: boolean
  /** Of values that name none, and whose definition names none either. */
  readonly currency: string
}

/** What an org counts by; an org without settings counts as usual. */
export function metricsInForce(org: Pick<Org, 'currency' | 'metricDefaults' | 'metrics'> | undefined): MetricsInForce {
  const defaults = org?.metricDefaults ?? usualMetricRules
  const byName = new Map((org?.metrics ?? []).map((metric) => [metric.name, metric]))
  const currency = currencySchema.safeParse(org?.currency)
  return {
    defined: [...byName.keys()],
    find: (name) => byName.get(name) ?? defaults,
    anchorsOnDelivered: [defaults, ...byName.values()].some(({ anchor }) => anchor === 'delivered'),
    currency: currency.success ? currency.data : 'USD',
  }
}
