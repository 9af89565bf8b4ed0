// Serves in the `events` table: the first one stored under a name stands, whoever asks again.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug, TemplateId } from '../../contract/ids.ts'
import { type ServeEvent, serveEventSchema } from '../../contract/stored-event.ts'
import type { ServeName } from '../domain/copy/name-serve.ts'
import { serveKey } from './event-keys.ts'

export interface ServeStore {
  /**
   * Stores the serve unless one stands under its name, and answers the one that stands then. One write: a retry after an
   * answer that was lost finds its own serve.
   */
  readonly putOnce: (
    org: OrgSlug,
    name: ServeName,
    ordinal: number,
    serve: ServeEvent,
    signal?: AbortSignal,
  ) => Promise<ServeEvent>
  /** The serve that stands under a name, strongly consistent. */
  readonly find: (
    org: OrgSlug,
    name: ServeName,
    ordinal: number,
    templateId: TemplateId,
    signal?: AbortSignal,
  ) => Promise<ServeEvent | undefined>
}

export function makeServeStore(client: DynamoDBClient, table: string): ServeStore {
  return {
    async putOnce(org, name, ordinal, serve, abortSignal) {
      const key = serveKey(org, name, serve.templateId, ordinal)
      const command = new PutItemCommand({
        TableName: table,
        Item: marshall({ ...serve, ...key }, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      })
      try {
        await client.send(command, { ...(abortSignal && { abortSignal }) })
        return serve
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error
        return serveEventSchema.parse(unmarshall(error.Item))
      }
    },

    async find(org, name, ordinal, templateId, abortSignal) {
      const key = serveKey(org, name, templateId, ordinal)
      const command = new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true })
      const { Item } = await client.send(command, { ...(abortSignal && { abortSignal }) })
      return Item === undefined ? undefined : serveEventSchema.parse(unmarshall(Item))
    },
  }
}
