// What a cancelled transaction means.
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'

/** Another change of the same items, done or under way: read again and decide anew. */
export function isRace(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code)
  return codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict')
}
