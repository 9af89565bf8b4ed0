// The SDK that planning files needs, and nothing else: for size and import time. It is never called.
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'

export const needed = [
  DynamoDBClient,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  S3Client,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  SQSClient,
  SendMessageBatchCommand,
]
