// Where Customer.io's App API is: parameters, so that a deployment can be pointed at a stand-in without a branch in the code.
import { CfnParameter, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { customerioApi } from './config.ts'

/** The address of one region's; every function that asks has the same parameter. */
export function customerioAddress(scope: Construct, region: keyof typeof customerioApi): string {
  const id = `CustomerioApi${region === 'us' ? 'Us' : 'Eu'}`
  const found = Stack.of(scope).node.tryFindChild(id)
  if (found instanceof CfnParameter) return found.valueAsString
  return new CfnParameter(scope, id, {
    description: `Where Customer.io's App API of the region ${region} is`,
    default: customerioApi[region],
    allowedPattern: '^https?://[^/]+$',
  }).valueAsString
}
