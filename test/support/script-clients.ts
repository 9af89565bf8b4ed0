// SDK clients that fail as a script says: with throttles, conflicts, lost answers, and crashes after a write.
import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { localClient } from './dynamodb-local.ts'
import type { Passage } from './script.ts'
import { type DecideFault, faultsBySeed, injectFaults, seededRandom } from './sdk-faults.ts'

export interface TroubledClient {
  readonly client: DynamoDBClient
  /** Begins an invocation; whether and after which write it crashes is drawn here. */
  readonly begin: () => void
  readonly calm: () => void
}

const rates = {
  none: {},
  some: { throttle: 0.03, conflict: 0.05, 'lost-answer': 0.03, down: 0.01, unprocessed: 0.05, delay: 0.03 },
  much: { throttle: 0.07, conflict: 0.1, 'lost-answer': 0.08, down: 0.03, unprocessed: 0.1, delay: 0.03 },
} as const
const crashRates = { none: 0, some: 0.05, much: 0.15 } as const

/** A client of its own for one consumer. `base` lends its connections. */
export function troubledClient(base: DynamoDBClient, passage: Passage, seed: number): TroubledClient {
  const { requestHandler } = base.config
  const client = localClient({ requestHandler, retryStrategy: retryAtOnce(passage.attempts) })
  const random = seededRandom(seed)
  const byChance = faultsBySeed(seed, rates[passage.trouble])
  let calm = false
  let writesUntilCrash = Number.POSITIVE_INFINITY
  const decide: DecideFault = (call) => {
    if (calm) return undefined
    if (writesUntilCrash === 0) return 'down'
    if (call.command !== 'TransactWriteItemsCommand') return byChance(call)
    writesUntilCrash--
    return writesUntilCrash === 0 ? 'lost-answer' : byChance(call)
  }
  injectFaults(client, decide)
  return {
    client,
    begin: () => {
      const crashes = random() < crashRates[passage.trouble]
      writesUntilCrash = crashes ? 1 + Math.floor(random() * 2) : Number.POSITIVE_INFINITY
    },
    calm: () => {
      calm = true
    },
  }
}

/** As the SDK tries again, but without its pauses. */
function retryAtOnce(attempts: number): NonNullable<DynamoDBClientConfig['retryStrategy']> {
  const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 })
  return {
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (before, { errorType }) => {
      const next = before.getRetryCount() + 1
      if (next >= attempts || errorType === 'CLIENT_ERROR') throw new Error('tried often enough')
      return token(next)
    },
    recordSuccess: () => undefined,
  }
}
