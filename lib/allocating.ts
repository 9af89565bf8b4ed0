// How weights keep learning: a schedule that calls the function which computes them.
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { LambdaFunction } from './lambda-function.ts'

/** The most that Lambda gives. A run over 1,000 templates needs a minute or two (bench/README.md). */
export const allocateTimeoutSeconds = 900
/** Weights of conversions move once a day, when another day has matured; a copy that makes people leave should not wait so long. */
const scheduleHours = 1

export class Allocating extends Construct {
  constructor(scope: Construct, id: string, lambda: LambdaFunction<'UpdateAllocations'>) {
    super(scope, id)
    const rule = new CfnRule(this, 'Schedule', {
      description: 'Computes the weights of all templates anew',
      scheduleExpression: `rate(${scheduleHours} hour)`,
      targets: [{ id: 'UpdateAllocations', arn: lambda.resource.functionArn }],
    })
    new CfnPermission(this, 'SchedulePermission', {
      action: 'lambda:InvokeFunction',
      functionName: lambda.resource.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    })
  }
}
