// Makes the template's tables in DynamoDB Local, and takes over those that a kept data folder already holds.
import { type AwsCaller, AwsError } from '../gate/aws-call.ts'
import { canonicalStreamArn } from '../gate/dynamodb-demands.ts'
import { findText, type Json, type JsonRecord, listAt, recordAt, textAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import type { Resource } from '../template/stack.ts'

export type Table = {
  readonly name: string
  readonly partitionKey: string
  /** The stream as DynamoDB Local names it, and as AWS would. */
  readonly stream?: { readonly localArn: string; readonly arn: string }
}

const indexOf = (index: Json): JsonRecord => ({
  IndexName: textAt(index, 'IndexName'),
  KeySchema: listAt(index, 'KeySchema'),
  Projection: recordAt(index, 'Projection'),
})

const createInput = ({ name, properties }: Resource): JsonRecord => {
  const global = listAt(properties, 'GlobalSecondaryIndexes').map(indexOf)
  const local = listAt(properties, 'LocalSecondaryIndexes').map(indexOf)
  const view = findText(properties, 'StreamSpecification', 'StreamViewType')
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: listAt(properties, 'AttributeDefinitions'),
    KeySchema: listAt(properties, 'KeySchema'),
    ...(global.length === 0 ? {} : { GlobalSecondaryIndexes: global }),
    ...(local.length === 0 ? {} : { LocalSecondaryIndexes: local }),
    ...(view === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: view } }),
  }
}

const keyText = (schema: readonly Json[]): string =>
  schema
    .map((part) => `${textAt(part, 'AttributeName')} (${textAt(part, 'KeyType')})`)
    .sort()
    .join(' + ')

const adopt = async (call: AwsCaller, wanted: JsonRecord, kept: Json): Promise<void> => {
  const name = textAt(wanted, 'TableName')
  const [keptKey, wantedKey] = [keyText(listAt(kept, 'KeySchema')), keyText(listAt(wanted, 'KeySchema'))]
  if (keptKey !== wantedKey)
    throw new LocalProblem(
      `The kept table ${name} has the key ${keptKey}, the template asks for ${wantedKey}: start with another --data folder, or delete the kept one.`,
    )
  const keptIndexes = new Map(
    listAt(kept, 'GlobalSecondaryIndexes').map((index) => [
      textAt(index, 'IndexName'),
      keyText(listAt(index, 'KeySchema')),
    ]),
  )
  for (const index of listAt(wanted, 'GlobalSecondaryIndexes')) {
    const indexName = textAt(index, 'IndexName')
    const keptIndexKey = keptIndexes.get(indexName)
    if (keptIndexKey === keyText(listAt(index, 'KeySchema'))) continue
    if (keptIndexKey !== undefined)
      throw new LocalProblem(
        `The kept index ${indexName} of the table ${name} has the key ${keptIndexKey}, the template asks for another: start with another --data folder, or delete the kept one.`,
      )
    await call('dynamodb', 'UpdateTable', {
      TableName: name,
      AttributeDefinitions: listAt(wanted, 'AttributeDefinitions'),
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    })
  }
  if (
    findText(kept, 'LatestStreamArn') === undefined &&
    recordAt(wanted, 'StreamSpecification').StreamViewType !== undefined
  )
    await call('dynamodb', 'UpdateTable', {
      TableName: name,
      StreamSpecification: recordAt(wanted, 'StreamSpecification'),
    })
}

const describe = async (call: AwsCaller, name: string): Promise<Json | undefined> => {
  try {
    return recordAt(await call('dynamodb', 'DescribeTable', { TableName: name }), 'Table')
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined
    throw error
  }
}

const expire = async (call: AwsCaller, { name, properties }: Resource): Promise<void> => {
  const attribute = findText(properties, 'TimeToLiveSpecification', 'AttributeName')
  if (attribute === undefined || findText(properties, 'TimeToLiveSpecification', 'Enabled') === 'false') return
  const now = await call('dynamodb', 'DescribeTimeToLive', { TableName: name })
  if (findText(now, 'TimeToLiveDescription', 'AttributeName') === attribute) return
  await call('dynamodb', 'UpdateTimeToLive', {
    TableName: name,
    TimeToLiveSpecification: { Enabled: true, AttributeName: attribute },
  })
}

/** Makes or takes over one table; throws LocalProblem when a kept one has another key. */
export const makeTable = async (call: AwsCaller, resource: Resource): Promise<Table> => {
  const wanted = createInput(resource)
  const kept = await describe(call, resource.name)
  if (kept === undefined) await call('dynamodb', 'CreateTable', wanted)
  else await adopt(call, wanted, kept)
  await expire(call, resource)
  const made = await describe(call, resource.name)
  const localArn = findText(made, 'LatestStreamArn')
  const partitionKey = textAt(
    listAt(wanted, 'KeySchema').find((part) => textAt(part, 'KeyType') === 'HASH'),
    'AttributeName',
  )
  return {
    name: resource.name,
    partitionKey,
    ...(localArn === undefined ? {} : { stream: { localArn, arn: canonicalStreamArn(localArn) } }),
  }
}
