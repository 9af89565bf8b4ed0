// The four tables. Keys, index and expiry come from the contract; a grant is of single actions on one table.
import { CfnResource, RemovalPolicy } from 'aws-cdk-lib'
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import type { FunctionName } from '../contract/function-name.ts'
import { keyAttributes, outcomesBySource, ttlAttribute } from '../contract/tables.ts'
import type { Stage } from './config.ts'
import type { LambdaFunction } from './lambda-function.ts'

export type TableName = 'events' | 'outcomes' | 'results' | 'settings'

/** A transaction needs the actions of its parts: Put is PutItem, Delete is DeleteItem, Update is UpdateItem. */
type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'Query'
  | 'Scan'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'

const string = (name: string) => ({ name, type: AttributeType.STRING })

export class Tables extends Construct {
  readonly events: TableV2
  readonly outcomes: TableV2
  readonly results: TableV2
  readonly settings: TableV2
  /** The tables' names, as the variables of functions. */
  readonly names: {
    readonly EVENTS_TABLE: string
    readonly OUTCOMES_TABLE: string
    readonly RESULTS_TABLE: string
    readonly SETTINGS_TABLE: string
  }

  constructor(scope: Construct, id: string, props: { readonly stage: Stage }) {
    super(scope, id)
    const { stage } = props
    const common: TablePropsV2 = {
      partitionKey: string(keyAttributes.partition),
      sortKey: string(keyAttributes.sort),
      billing: Billing.onDemand(),
      // A key that DynamoDB owns: no charge per request, as a key in KMS has.
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.deletionProtection,
      removalPolicy: stage.retention === 'keep' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    }
    const expiring = { ...common, timeToLiveAttribute: ttlAttribute }
    this.events = this.#table('EventsTable', { ...expiring, dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES })
    this.outcomes = this.#table('OutcomesTable', {
      ...expiring,
      globalSecondaryIndexes: [
        {
          indexName: outcomesBySource.name,
          partitionKey: string(outcomesBySource.partition),
          sortKey: string(outcomesBySource.sort),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    })
    this.results = this.#table('ResultsTable', common)
    this.settings = this.#table('SettingsTable', expiring)
    this.names = {
      EVENTS_TABLE: this.events.tableName,
      OUTCOMES_TABLE: this.outcomes.tableName,
      RESULTS_TABLE: this.results.tableName,
      SETTINGS_TABLE: this.settings.tableName,
    }
  }

  /** Named in the template by its id alone, so that no move in the code ever replaces a table. */
  #table(id: string, props: TablePropsV2): TableV2 {
    const table = new TableV2(this, id, props)
    const { defaultChild } = table.node
    if (CfnResource.isCfnResource(defaultChild)) defaultChild.overrideLogicalId(id)
    return table
  }

  /** Single actions on one table, and none on its indexes. */
  grant(lambda: LambdaFunction<FunctionName>, table: TableName, actions: readonly TableAction[]): void {
    lambda.allow(
      actions.map((action) => `dynamodb:${action}`),
      [this[table].tableArn],
    )
  }

  /** Look sends up by source and day. */
  grantIndex(lambda: LambdaFunction<FunctionName>): void {
    lambda.allow(['dynamodb:Query'], [`${this.outcomes.tableArn}/index/${outcomesBySource.name}`])
  }

  /** What Lambda's poller asks for with the function's own role (Lambda guide, "DynamoDB: execution role"). */
  grantStreamRead(lambda: LambdaFunction<FunctionName>): void {
    const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams']
    lambda.allow(
      actions.map((action) => `dynamodb:${action}`),
      [this.eventsStreamArn],
    )
  }

  get eventsStreamArn(): string {
    const { tableStreamArn } = this.events
    if (tableStreamArn === undefined) throw new Error('The events table has no stream')
    return tableStreamArn
  }
}
