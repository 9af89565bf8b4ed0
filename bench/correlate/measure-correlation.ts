// How long it takes to find the send that earns each event, next to DuckDB's ASOF JOIN on one thread: the same sends and events,
// in memory on both sides, in turns within one run. Reading and parsing are left out.
import { usualMetricRules } from '../../contract/metric.ts'
import { correlate } from '../../lambdas/domain/measuring/correlate.ts'
import { metricsInForce } from '../../lambdas/domain/measuring/metric-rules.ts'
import { seededRandom } from '../../test/support/seeded-random.ts'
import { compared, type Figure, type Pair } from '../figure.ts'
import { type Drawn, openDuckJoin, type Total, templates } from './duckdb-join.ts'

const counts = { persons: 200_000, sends: 1_000_000, events: 1_000_000 }
const seed = 20_261_125
const turns = 5
const windowDays = 14
/** As fast as an engine that is written for joins. */
const aim = 1
const startSecond = 1_795_000_000
const days = 40

export async function measureCorrelation(tell: (progress: string) => void): Promise<Figure[]> {
  tell(`correlation: seed ${seed}, ${counts.sends} sends and ${counts.events} events of ${counts.persons} people`)
  const drawn = draw(seededRandom(seed))
  const duck = await openDuckJoin(drawn)
  const pairs: Pair[] = []
  try {
    for (let turn = 0; turn <= turns; turn++) {
      const ours = await cpuOf(() => total(drawn))
      const theirs = await cpuOf(() => duck.join(windowDays * 86_400))
      if (JSON.stringify(ours.result) !== JSON.stringify(theirs.result)) throw new Error('DuckDB joined otherwise')
      // The first turn warms up.
      if (turn > 0) pairs.push({ ours: ours.ms, bare: theirs.ms })
    }
  } finally {
    duck.close()
  }
  return [compared('correlation of a million events with a million sends, against ASOF JOIN', 'ms CPU', pairs, aim)]
}

/** CPU of the whole process: DuckDB's one thread is in it, and what else the machine does is not. */
async function cpuOf<T>(work: () => T | Promise<T>): Promise<{ ms: number; result: T }> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { ms: (user + system) / 1_000, result }
}

function draw(random: () => number): Drawn {
  const person = () => Math.floor(random() * counts.persons)
  const second = () => startSecond + Math.floor(random() * days * 86_400)
  return {
    sends: Array.from({ length: counts.sends }, (_, at) => {
      const deliveryId = `d${String((at * 7_919) % counts.sends).padStart(7, '0')}`
      const templateId = templates[Math.floor(random() * templates.length)] ?? templates[0]
      return { person: person(), subject: deliveryId, deliveryId, templateId, atMs: second() * 1_000 }
    }),
    events: Array.from({ length: counts.events }, (_, at) => ({
      person: person(),
      ...{ id: `e${at}`, name: 'purchase', atMs: second() * 1_000 + Math.floor(random() * 1_000) },
      value: (Math.floor(random() * 100_000) / 100).toFixed(2),
    })),
  }
}

/** Brings both together by person, correlates each person, and adds up by template. */
function total({ sends, events }: Drawn): Total[] {
  const rules = { ...usualMetricRules, windowSeconds: windowDays * 86_400 }
  const metrics = metricsInForce({ currency: 'EUR', metricDefaults: rules })
  const eventsOf = Map.groupBy(events, ({ person }) => person)
  const sums = new Map(templates.map((template) => [template, { sends: 0, events: 0, minor: 0 }]))
  for (const [person, own] of Map.groupBy(sends, (send) => send.person)) {
    const tallies = correlate(own, eventsOf.get(person) ?? [], metrics)
    for (const [at, { templateId }] of own.entries()) {
      const [tally] = tallies[at] ?? []
      const sum = sums.get(templateId)
      if (tally === undefined || sum === undefined) continue
      sum.sends++
      sum.events += tally.events
      sum.minor += Number(tally.values[0]?.minor ?? 0)
    }
  }
  return [...sums].map(([template, sum]) => ({ template, ...sum, minor: String(sum.minor) }))
}
