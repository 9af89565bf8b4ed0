// The SDK that measuring needs, and nothing else: for size and import time. It is never called.
import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'

export const needed = [DynamoDBClient, BatchGetItemCommand, GetItemCommand, QueryCommand, TransactWriteItemsCommand]
