// Whether the files of events that usually come each day have come. What is usual is seen from what came: an org that drops
// no files, or now and then, is late with none.
import type { Check } from '../../../contract/check.ts'
import type { DroppedFile, HealthFacts } from './health-facts.ts'

const dayMs = 86_400_000
/** Files of so many different days, within a week before the latest, are a habit. */
const habitDays = 3
const habitWindowMs = 7 * dayMs
/** A daily file may come at any hour; after a day and a half one was left out. */
const lateAfterMs = 1.5 * dayMs
/** Who has dropped nothing for so long has stopped. */
const forgottenAfterMs = 14 * dayMs

export function judgeFiles({ files, nowMs }: Pick<HealthFacts, 'files' | 'nowMs'>): Check {
  const light = { id: 'files.daily', title: 'Files of events come and are loaded' } as const
  const bySource = [...Map.groupBy(files, ({ source }) => source)].map(([source, all]) => ({
    source,
    latest: all.reduce((last, one) => (one.droppedAtMs > last.droppedAtMs ? one : last)),
    isHabit: isHabit(all),
  }))
  const known = bySource.filter(({ latest }) => nowMs - latest.droppedAtMs < forgottenAfterMs)
  const late = known.filter(({ latest, isHabit }) => isHabit && nowMs - latest.droppedAtMs > lateAfterMs)
  const failed = known.filter(({ latest }) => latest.isFailed)
  const [worst] = [...late, ...failed]
  if (worst !== undefined) {
    const told = [
      ...late.map(({ source, latest }) => `Files of "${source}" came daily; the last came ${isoOf(latest)}.`),
      ...failed.map(({ source, latest }) => `The file of "${source}" of ${isoOf(latest)} could not be loaded whole.`),
    ]
    return {
      ...light,
      state: 'broken',
      since: isoOf(worst.latest),
      seen: told.join(' '),
      what_to_do:
        'Look at what sends the files, and at the imports here: each says what became of its file. Purchases that are not told are not counted.',
    }
  }
  if (known.length === 0) {
    const seen = 'No files of events have come lately, and none are expected.'
    return { ...light, state: 'ok', since: null, seen, what_to_do: '' }
  }
  const told = known.map(({ source, latest, isHabit }) => {
    return `"${source}"${isHabit ? ', daily' : ''}: the last came ${isoOf(latest)}`
  })
  return { ...light, state: 'ok', since: null, seen: `Files of ${told.join('; ')}.`, what_to_do: '' }
}

function isHabit(all: readonly DroppedFile[]): boolean {
  const lastMs = Math.max(...all.map(({ droppedAtMs }) => droppedAtMs))
  const within = all.filter(({ droppedAtMs }) => lastMs - droppedAtMs < habitWindowMs)
  return new Set(within.map(({ droppedAtMs }) => Math.floor(droppedAtMs / dayMs))).size >= habitDays
}

function isoOf({ droppedAtMs }: DroppedFile): string {
  return new Date(droppedAtMs).toISOString()
}
