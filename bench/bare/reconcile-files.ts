// The SDK that reconciling files needs, and nothing else: for size and import time. It is never called.
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'

export const needed = [
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  S3Client,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  SQSClient,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
]
