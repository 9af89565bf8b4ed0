// The SDK clients, made once per cold start. Time limits are short: a caller has seconds, and a retry by the caller
// is always safe here.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** Milliseconds for one attempt; with two attempts a call ends within the 3 s in which handlers answer. */
const attempt = { connectionTimeout: 500, requestTimeout: 1_200, throwOnRequestTimeout: true } as const

export const callerTimeouts = { maxAttempts: 2, requestHandler: attempt } as const

/** For handlers that a caller waits for. */
export function makeDynamoForCallers(): DynamoDBClient {
  return new DynamoDBClient(callerTimeouts)
}

/** For handlers that work through a queue or a stream, where patience costs nothing. */
export function makeDynamoForQueues(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  })
}

/** For files that a caller waits for: some megabytes within a few seconds. */
export const callerFileTimeouts = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const

/** Also counts for the body of a file while nothing of it arrives. */
const patient = { connectionTimeout: 1_000, socketTimeout: 20_000 } as const

export const queueTimeouts = { maxAttempts: 5, requestHandler: patient } as const
