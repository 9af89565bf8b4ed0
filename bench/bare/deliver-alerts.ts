// The SDK that delivering alerts needs, and nothing else: for size and import time. It is never called.
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'

export const needed = [
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
  SendMessageCommand,
  SQSClient,
]
