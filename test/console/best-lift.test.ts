// Which copy the list of templates names.
import { expect, it } from 'vitest'
import { bestLift } from '../../console/pages/templates/best-lift.ts'
import type { ComparedCopy, Judgement } from '../../contract/comparison.ts'

function copyOf(copy_id: string, value: number | null) {
  return { copy_id, lift: value === null ? null : { value } } as ComparedCopy
}

/** `old` has the highest lift, then `harmful`, `lucky` and `proven`; `fresh` has none. */
function named(ship: string | null, stopped: readonly string[], weighed: readonly string[] | null) {
  const copies = [copyOf('proven', 0.2), copyOf('old', 0.9), copyOf('fresh', null), copyOf('lucky', 0.3)]
  copies.push(copyOf('harmful', 0.5))
  const weights = weighed?.map((copy_id) => ({ copy_id, weight: 1 / weighed.length }))
  return bestLift({
    comparison: { control: { n: 1_000, mean: 0.1 }, copies },
    decision: { decision: ship === null ? 'keep_running' : 'ready_to_ship', copy_id: ship, reasons: [] },
    stopped: stopped.map((copy_id) => ({ copy_id })) as Judgement['stopped'],
    allocation: weights === undefined ? null : ({ weights } as Judgement['allocation']),
  })?.copy_id
}

it.each<[string, string | undefined, ...Parameters<typeof named>]>([
  ['the copy to ship, whichever is higher', 'proven', 'proven', [], ['proven', 'lucky', 'fresh']],
  ['else the highest that is neither archived nor stopped', 'lucky', null, ['harmful'], ['proven', 'lucky', 'fresh']],
  ['the highest that is not stopped while no weights were computed', 'old', null, ['harmful'], null],
  ['none when all are stopped', undefined, null, ['harmful'], []],
])('names %s', (_, expected, ...asked) => expect(named(...asked)).toBe(expected))
