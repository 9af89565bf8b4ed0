// Lambda's asynchronous invocation: accepted at once, run later, tried again, and handed to a destination in the end.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { findNumber, findText, type Json, tryJson } from '../json.ts'
import type { Stack } from '../template/stack.ts'
import type { FunctionPool } from './pool.ts'

export type AsynchronousInvoker = {
  readonly invoke: (functionName: string, event: Json) => void
  readonly pendingCount: () => number
  readonly stop: () => void
}

/** AWS waits one, then two minutes; here a developer watches. */
const RETRY_DELAYS_MS = [1_000, 2_000]

export const makeAsynchronousInvoker = (
  stack: Stack,
  pools: ReadonlyMap<string, FunctionPool>,
  sendToQueue: (queueName: string, body: string) => void,
): AsynchronousInvoker => {
  const configs = new Map(
    stack
      .of('AWS::Lambda::EventInvokeConfig')
      .map(({ properties }) => [findText(properties, 'FunctionName')?.split(':').at(-1), properties]),
  )
  const stopping = new AbortController()
  let pending = 0

  const run = async (functionName: string, event: Json): Promise<void> => {
    const pool = pools.get(functionName)
    if (pool === undefined) return
    const config = configs.get(functionName)
    const retries = findNumber(config, 'MaximumRetryAttempts') ?? 2
    const requestId = randomUUID()
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await pool.invoke(event, requestId)
      if (stopping.signal.aborted || outcome.kind === 'result') return
      if (attempt < retries) {
        await sleep(RETRY_DELAYS_MS[attempt] ?? 2_000, undefined, { signal: stopping.signal })
        continue
      }
      const destination = findText(config, 'DestinationConfig', 'OnFailure', 'Destination')
      if (destination?.includes(':sqs:')) {
        const message = {
          version: '1.0',
          timestamp: new Date().toISOString(),
          requestContext: {
            requestId,
            functionArn: `${pool.spec.arn}:$LATEST`,
            condition: 'RetriesExhausted',
            approximateInvokeCount: attempt + 1,
          },
          requestPayload: event,
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          responsePayload: tryJson(JSON.stringify(outcome.error)) ?? null,
        }
        sendToQueue(destination.split(':').at(-1) ?? '', JSON.stringify(message))
      }
      return
    }
  }

  return {
    invoke: (functionName, event) => {
      pending += 1
      run(functionName, event)
        .catch(() => undefined)
        .finally(() => {
          pending -= 1
        })
    },
    pendingCount: () => pending,
    stop: () => stopping.abort(),
  }
}
