// What stands between a call and the service: may the caller, and is a fault due?
import type { ServerResponse } from 'node:http'
import type { FunctionCaller } from './caller.ts'
import type { Demand, Service } from './demand.ts'

/** The caller of a request: a function, or undefined for the operator. */
export type Caller = FunctionCaller | undefined

/** `lost`: the call goes on, its answer does not come back. `answered`: it was refused, and told so. */
export type Check = (
  response: ServerResponse,
  service: Service,
  caller: Caller,
  operation: string,
  demands: readonly Demand[],
) => Promise<'pass' | 'lost' | 'answered'>
