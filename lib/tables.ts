// The four tables. Keys, index and expiry come from the contract; grants are of single actions on one table.
import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import { keyAttributes, outcomesBySource, ttlAttribute } from '../contract/tables.ts'
import type { Stage } from './config.ts'
import type { LambdaFunction } from './lambda-function.ts'

export type TableName = 'events' | 'outcomes' | 'results' | 'settings'

type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem'

const string = (name: string) => ({ name, type: AttributeType.STRING })

export class Tables extends Construct {
  readonly events: TableV2
  readonly outcomes: TableV2
  readonly results: TableV2
  readonly settings: TableV2

  constructor(scope: Construct, id: string, props: { readonly stage: Stage }) {
    super(scope, id)
    const { stage } = props
    const common = {
      partitionKey: string(keyAttributes.partition),
      sortKey: string(keyAttributes.sort),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.deletionProtection,
      removalPolicy: stage.retention === 'keep' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    }
    const expiring = { ...common, timeToLiveAttribute: ttlAttribute }
    this.events = new TableV2(this, 'Events', { ...expiring, dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES })
    this.outcomes = new TableV2(this, 'Outcomes', expiring)
    this.outcomes.addGlobalSecondaryIndex({
      indexName: outcomesBySource.name,
      partitionKey: string(outcomesBySource.partition),
      sortKey: string(outcomesBySource.sort),
      projectionType: ProjectionType.KEYS_ONLY,
    })
    this.results = new TableV2(this, 'Results', common)
    this.settings = new TableV2(this, 'Settings', expiring)
  }

  /** Single actions on one table, not on its indexes. */
  // biome-ignore lint/suspicious/noExplicitAny: any of our functions
  grant(lambda: LambdaFunction<any>, table: TableName, actions: readonly TableAction[]): void {
    lambda.allow(
      actions.map((action) => `dynamodb:${action}`),
      [this[table].tableArn],
    )
  }
}
