// The SDK that answering about exports needs, and nothing else: for size and import time. It is never called.
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

export const needed = [DynamoDBClient, GetItemCommand, QueryCommand, GetObjectCommand, S3Client, getSignedUrl]
