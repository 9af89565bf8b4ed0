// How far the forgetting of a person is, in sentences.
import type { ErasedAnswer } from '../../../contract/event-answers.ts'
import { formatCount, formatInstant } from '../../words/format.ts'

export function forgottenWords({ status, erased, waits_for, kept_files }: ErasedAnswer): string[] {
  const { outcomes, events, set_aside, rejected_rows, files } = erased
  const counts = [
    [events, 'events'],
    [outcomes, 'outcomes'],
    [set_aside, 'bodies that were set aside'],
    [rejected_rows, 'rejected rows'],
    [files, 'files of imports'],
  ] as const
  const removed = counts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`)
  const left = kept_files.gone_by === null ? '' : ` The last of them is gone by ${formatInstant(kept_files.gone_by)}.`
  return [
    status === 'complete' ? 'The person is forgotten.' : 'Not everything is removed yet: press again to go on.',
    removed.length === 0 ? 'Nothing was stored of them.' : `Removed: ${removed.join(', ')}.`,
    ...(waits_for === '' ? [] : [`It waits: ${waits_for}`]),
    ...(kept_files.count === 0
      ? []
      : [`${formatCount(kept_files.count)} files that were dropped may hold rows of them.${left}`]),
  ]
}
