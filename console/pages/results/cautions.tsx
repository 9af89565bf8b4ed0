// Why to read the results with care: counted anew, badly joined, badly split, or what the numbers do not show by themselves.
import { Alert, List } from '@mantine/core'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { formatCount, formatInstant } from '../../words/format.ts'
import { isBadlySplit, isPoorlyJoined } from './cautions-count.ts'

const restatingReasons = {
  mapping: 'The campaigns of this template were changed.',
  metrics: 'The definition of a metric was changed.',
} as const

export function Cautions({ results }: { readonly results: ResultsAnswer }) {
  const { restating, warnings } = results
  return (
    <>
      {restating !== null && (
        <Alert color="blue" title="These numbers are being made anew">
          {restatingReasons[restating.reason]} Everything is counted again since {formatInstant(restating.since)}; until
          that is done, numbers are partly of the old setting.
          {restating.aside > 0 &&
            ` ${formatCount(restating.aside)} deliveries could not be measured and are tried again.`}
        </Alert>
      )}
      {isBadlySplit(results) && (
        <Alert color="red" title="People were not split as they were meant to be">
          Whatever broke the split may break the shares as well. “How people were split”, below, tells where it shows
          first.
        </Alert>
      )}
      {isPoorlyJoined(results) && (
        <Alert color="yellow" title="Most of these sends cannot be joined to the copy they carried">
          See how sends were joined, below, and the set-up’s check of the webhook action.
        </Alert>
      )}
      {warnings.length > 0 && (
        <Alert color="yellow" title="Read these numbers with care">
          <List size="sm">
            {warnings.map(({ code, copy_id, message }) => (
              <List.Item key={`${code} ${copy_id} ${message}`} className="words">
                {copy_id !== null && <b>{copy_id}: </b>}
                {message}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  )
}
