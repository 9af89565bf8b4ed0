// Faults of DynamoDB that DynamoDB Local never shows, put into a client as middleware. They are injected per attempt, below
// the SDK's own retries, so that what is tested is what a deployed function would meet.
import {
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'

/**
 * - `throttle`: refused before anything happened.
 * - `conflict`: a transaction cancelled because another one holds an item (`TransactionConflict`).
 * - `lost-answer`: performed, but the answer never arrives.
 * - `down`: the connection is refused.
 * - `unprocessed`: half of a batch, and at least one item of it, comes back undone. Decided once per call.
 * - `{ delayMs }`: performed, later.
 */
export type SdkFault = 'throttle' | 'conflict' | 'lost-answer' | 'down' | 'unprocessed' | { readonly delayMs: number }

export interface SdkCall {
  /** As in `PutItemCommand`. */
  readonly command: string
  readonly input: unknown
  /** Attempts seen by this client before this one. */
  readonly index: number
}

export type DecideFault = (call: SdkCall) => SdkFault | undefined

/** Makes the client fail as decided. Answers every call that was attempted, in order. */
export function injectFaults(client: DynamoDBClient, decide: DecideFault): readonly SdkCall[] {
  const calls: SdkCall[] = []
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const call = { command: String(context.commandName), input: args.input, index: calls.length }
      const batch = call.command === 'BatchWriteItemCommand' || call.command === 'BatchGetItemCommand'
      if (!batch || decide(call) !== 'unprocessed') return next(args)
      return halve(call.command, args, next)
    },
    { step: 'initialize', name: 'unprocessedItems' },
  )
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const call = { command: String(context.commandName), input: args.input, index: calls.length }
      calls.push(call)
      const fault = decide(call)
      if (fault === 'throttle') throw throttle()
      if (fault === 'conflict') throw conflict(args.input)
      if (fault === 'down') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
      if (typeof fault === 'object') await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
      const output = await next(args)
      if (fault === 'lost-answer') throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' })
      return output
    },
    { step: 'deserialize', priority: 'high', name: 'injectedFaults' },
  )
  return calls
}

/** Every call of a client from now on. */
export function watchCalls(client: DynamoDBClient): readonly SdkCall[] {
  return injectFaults(client, () => undefined)
}

/** Faults by chance: the same seed gives the same faults for the same calls. Rates are 0 to 1 and add up to at most 1. */
export function faultsBySeed(
  seed: number,
  rates: Partial<Record<Exclude<SdkFault, object> | 'delay', number>>,
): DecideFault {
  const random = seededRandom(seed)
  return ({ command }) => {
    let chance = random()
    for (const [fault, rate] of Object.entries(rates)) {
      chance -= rate
      if (chance >= 0) continue
      if (fault === 'conflict' && command !== 'TransactWriteItemsCommand') return 'throttle'
      if (fault === 'delay') return { delayMs: Math.floor(random() * 50) }
      return isFault(fault) ? fault : undefined
    }
    return undefined
  }
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function isFault(name: string): name is Exclude<SdkFault, object> {
  return ['throttle', 'conflict', 'lost-answer', 'down', 'unprocessed'].includes(name)
}

function throttle(): Error {
  return new ProvisionedThroughputExceededException({
    message: 'The level of configured provisioned throughput for the table was exceeded.',
    $metadata: { httpStatusCode: 400 },
  })
}

/** The first action of the transaction conflicts; the others would have gone through. */
function conflict(input: unknown): Error {
  const actions = hasActions(input) ? input.TransactItems.length : 1
  const reasons = Array.from({ length: actions }, (_, at) => ({ Code: at === 0 ? 'TransactionConflict' : 'None' }))
  return new TransactionCanceledException({
    message: `Transaction cancelled [${reasons.map(({ Code }) => Code).join(', ')}]`,
    CancellationReasons: reasons,
    $metadata: { httpStatusCode: 400 },
  })
}

function hasActions(input: unknown): input is { TransactItems: unknown[] } {
  return typeof input === 'object' && input !== null && 'TransactItems' in input && Array.isArray(input.TransactItems)
}

/** Performs the first half of a batch and hands the rest back undone, the way DynamoDB does under load. */
// biome-ignore lint/suspicious/noExplicitAny: one piece of middleware for commands of different shapes
async function halve(command: string, args: any, next: (args: any) => Promise<any>): Promise<any> {
  const write = command === 'BatchWriteItemCommand'
  const kept: Record<string, unknown> = {}
  const undone: Record<string, unknown> = {}
  // biome-ignore lint/suspicious/noExplicitAny: as above
  for (const [table, entry] of Object.entries<any>(args.input.RequestItems)) {
    const items: unknown[] = write ? entry : entry.Keys
    const half = Math.floor(items.length / 2)
    const wrap = (part: unknown[]) => (write ? part : { ...entry, Keys: part })
    if (half > 0) kept[table] = wrap(items.slice(0, half))
    undone[table] = wrap(items.slice(half))
  }
  const nothing = { output: { $metadata: {} }, response: {} }
  const done =
    Object.keys(kept).length > 0 ? await next({ ...args, input: { ...args.input, RequestItems: kept } }) : nothing
  const field = write ? 'UnprocessedItems' : 'UnprocessedKeys'
  return { ...done, output: { ...done.output, [field]: { ...done.output[field], ...undone } } }
}
