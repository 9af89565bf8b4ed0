// The SDK that reading results needs, and nothing else: for size and import time. It is never called.
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'

export const needed = [DynamoDBClient, GetItemCommand, QueryCommand]
