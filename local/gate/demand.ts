// What one AWS request demands: which actions on which resources. One shape for every service.
import type { RequestContext } from './policy.ts'

export type Demand = { readonly action: string; readonly resource: string; readonly context?: RequestContext }
export type Service = 'dynamodb' | 's3' | 'sqs' | 'secretsmanager' | 'lambda'
type Request = {
  readonly service: Service
  /** The API operation, e.g. `TransactWriteItems`; for S3 the action's name. */
  readonly operation: string
  readonly demands: readonly Demand[]
  /** Tables that this request may change; what tells the stream readers that there may be news. */
  readonly writes: readonly string[]
}
