// A client that writes down what it is asked to send and sends the reads only, so that the bare handler can be handed exactly
// what the product would send.
import type {
  DynamoDBClient,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
} from '@aws-sdk/client-dynamodb'

export interface Recording {
  readonly puts: PutItemCommandInput[]
  readonly gets: GetItemCommandInput[]
  readonly queries: QueryCommandInput[]
}

export function record(client: DynamoDBClient): Recording {
  const recording: Recording = { puts: [], gets: [], queries: [] }
  client.middlewareStack.add(
    (next) => async (args) => {
      const { input } = args
      if ('Item' in input) {
        recording.puts.push(input)
        return { output: { $metadata: {} }, response: undefined }
      }
      if ('KeyConditionExpression' in input) recording.queries.push(input)
      else if ('Key' in input && !('UpdateExpression' in input)) recording.gets.push(input)
      return next(args)
    },
    { step: 'initialize', name: 'record' },
  )
  return recording
}

/** The only one, or the first. @throws when nothing was recorded */
export function firstOf<T>(inputs: readonly T[]): T {
  const [first] = inputs
  if (first === undefined) throw new Error('the product was expected to send this')
  return first
}
