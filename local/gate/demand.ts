// What one AWS request demands: which actions on which resources. One shape for every service.
import type { RequestContext } from './policy.ts'

export type Demand = { readonly action: string; readonly resource: string; readonly context?: RequestContext }
export type Service = 'dynamodb' | 's3' | 'sqs' | 'secretsmanager' | 'lambda' | 'cognito-idp'
