// A query that answers thousands of small rows. The SDK's own parsing copies every attribute of every row once more, which takes
// as long as all else about reading them; here the JSON of an answer is taken as DynamoDB writes it.
import { buffer } from 'node:stream/consumers'
import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb'

/** A row of texts and numbers, as DynamoDB writes it. Bytes would come in base 64: rows that have some are not for this. */
export type PlainRow = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>

/** All pages of a query. Faults and retries are the SDK's, which still reads every answer that is not a success. */
export async function* queryRows(
  client: DynamoDBClient,
  query: QueryCommandInput,
): AsyncGenerator<readonly PlainRow[]> {
  let start: QueryCommandInput['ExclusiveStartKey']
  do {
    const command = new QueryCommand({ ...query, ...(start && { ExclusiveStartKey: start }) })
    let rows: readonly PlainRow[] = []
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args)
        if (!isSuccess(result.response)) return result
        const { Items = [], ...rest } = JSON.parse((await buffer(result.response.body)).toString())
        rows = Items
        // What is left for the SDK to read: above all where the next page begins.
        Object.assign(result.response, { body: Buffer.from(JSON.stringify(rest)) })
        return result
      },
      { step: 'deserialize', priority: 'low', name: 'takeRows' },
    )
    const { LastEvaluatedKey } = await client.send(command)
    start = LastEvaluatedKey
    yield rows
  } while (start !== undefined)
}

function isSuccess(response: unknown): response is { readonly body: NodeJS.ReadableStream } {
  if (typeof response !== 'object' || response === null || !('body' in response)) return false
  return 'statusCode' in response && response.statusCode === 200 && typeof response.body === 'object'
}
