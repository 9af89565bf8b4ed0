// The least that `generate` could do: the same calls of DynamoDB by the SDK as it comes. It is handed what it has to send,
// checks no key, reads no body, chooses nothing and answers nothing but a status.
import {
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'

export interface BareGenerate {
  readonly key: GetItemCommandInput
  readonly template: QueryCommandInput
  readonly put: PutItemCommandInput
}

let client: DynamoDBClient | undefined
let settings: Promise<unknown> | undefined

export async function handler({ key, template, put }: BareGenerate): Promise<{ statusCode: number }> {
  client ??= new DynamoDBClient({})
  settings ??= Promise.all([client.send(new GetItemCommand(key)), client.send(new QueryCommand(template))])
  await settings
  await client.send(new PutItemCommand(put))
  return { statusCode: 200 }
}
