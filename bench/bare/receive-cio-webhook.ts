// The least that the reporting webhook could do: the same calls of DynamoDB and Secrets Manager by the SDK as it comes. It is
// handed the ready item, verifies no signature and reads no body. `QueryCommand` is here because the product has it too.
import {
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

export interface BareReceive {
  readonly org: GetItemCommandInput
  readonly secretId: string
  readonly put: PutItemCommandInput
}

/** Keeps in the bundle what only other requests need. */
export const otherCommands = [QueryCommand]

let client: DynamoDBClient | undefined
let settings: Promise<unknown> | undefined

export async function handler({ org, secretId, put }: BareReceive): Promise<{ statusCode: number }> {
  client ??= new DynamoDBClient({})
  settings ??= Promise.all([
    client.send(new GetItemCommand(org)),
    new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: secretId })),
  ])
  await settings
  await client.send(new PutItemCommand(put))
  return { statusCode: 200 }
}
