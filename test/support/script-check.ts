// What must hold once a script has been played: results as the oracle says, a recount without drift, each delivery counted
// once, and nothing left to do.
import type { OrgSlug } from '../../contract/ids.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { summariseResults } from '../../lambdas/domain/results/summarise-results.ts'
import { recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { readResults } from '../../lambdas/store/results.ts'
import type { TestDatabase } from './dynamodb-local.ts'
import { type Expected, expectResults, expectTotals, type World } from './oracle.ts'
import { type Script, templates } from './script.ts'
import { depsOn, failuresOf } from './script-run.ts'
import { makeRecords } from './stream.ts'

/** Expected and found results of every template, in one comparable form. */
export async function compareResults(world: World, { client, tables }: TestDatabase, org: OrgSlug) {
  const days = { from: '0000-01-01', to: '9999-12-31' }
  const expected: Record<string, unknown> = {}
  const found: Record<string, unknown> = {}
  for (const templateId of templates) {
    const cells = await readResults(client, tables.results, org, templateId, days)
    expected[templateId] = comparable(expectResults(world, templateId))
    found[templateId] = comparable(summariseResults({ templateId, metric: 'clicked', ...days, nowMs: 0 }, cells))
  }
  return { expected, found }
}

/** Recounts, and counts the outcomes of each kind and those that are counted twice. */
export async function compareTotals(world: World, { client, tables }: TestDatabase, org: OrgSlug) {
  const reads = makeRecountReads(client, tables)
  const counted: string[] = []
  for await (const { outcome } of reads.scanOutcomes(org)) counted.push(...nameCounted(outcome))
  const recount = await recountResults(reads, org, false)
  const kinds = Object.keys(expectTotals(world))
  return {
    expected: { totals: expectTotals(world), twice: [], drifts: [], busy: 0 },
    found: {
      totals: Object.fromEntries(
        kinds.map((kind) => [kind, counted.filter((name) => name.startsWith(`${kind} `)).length]),
      ),
      twice: counted.filter((name, at) => counted.indexOf(name) !== at),
      drifts: recount.drifts,
      busy: recount.busy,
    },
  }
}

/** How many transactions are made when the stream delivers everything once more: none, if all is done. */
export async function countLeftOver({ events }: Script, { client, tables }: TestDatabase, org: OrgSlug) {
  let commits = 0
  const deps = depsOn(client, tables, 0)
  const commit: typeof deps.outcomes.commit = (...args) => {
    commits++
    return deps.outcomes.commit(...args)
  }
  const measure = makeMeasureOutcomes({ ...deps, outcomes: { ...deps.outcomes, commit } })
  const recordOf = makeRecords(client, tables.events, org)
  const records = (await Promise.all(events.map((event, at) => recordOf(event, String(at))))).flat()
  const failed = await failuresOf(measure, records)
  return commits + failed.size
}

/** A send and an unsent outcome of one delivery would count it twice, so both go by the same name. */
function nameCounted(outcome: Outcome): string[] {
  if (outcome.kind === 'serve') return outcome.counted ? [`serve ${outcome.serveId}`] : []
  return [`${outcome.kind} ${outcome.deliveryId}`]
}

/** Without rates, zeros and rows of nothing but zeros; arms in a fixed order. */
function comparable({ arms, join, unsent, action, other_actions, other }: Expected) {
  const rows = arms
    .map(
      ({ arm, copy_id, choice, counts, join, events }) =>
        [
          `${arm} ${copy_id} ${choice}`,
          { ...withoutZeros(counts), ...withoutZeros(join), events: sums(events) },
        ] as const,
    )
    .filter(([, counts]) => Object.keys(counts).length > 1)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    arms: Object.fromEntries(rows),
    join,
    unsent: withoutZeros(unsent),
    action: withoutZeros(action),
    other_actions: withoutZeros(other_actions),
    other: withoutZeros(other),
  }
}

/** Money that comes to nothing is no money. */
function sums(events: Expected['arms'][number]['events']) {
  const some = (money: Record<string, string>) => Object.entries(money).filter(([, text]) => Number(text) !== 0)
  return Object.fromEntries(
    Object.entries(events).map(([name, { sends, events, value, squares }]) => [
      name,
      { sends, events, value: Object.fromEntries(some(value)), squares: Object.fromEntries(some(squares)) },
    ]),
  )
}

function withoutZeros(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))
}
