// The SDK that measuring again needs, and nothing else: for size and import time. It is never called.
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'

const reads = [DynamoDBClient, BatchGetItemCommand, GetItemCommand, QueryCommand]
export const needed = [
  ...reads,
  DeleteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  SQSClient,
  SendMessageCommand,
]
