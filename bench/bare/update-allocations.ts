// The SDK that computing weights needs, and nothing else: for size and import time. It is never called.
import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'

export const needed = [DynamoDBClient, GetItemCommand, QueryCommand, ScanCommand, TransactWriteItemsCommand]
