// How results are recounted at night: a schedule that calls often, because one call may not be enough; most have nothing to do.
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { LambdaFunction } from './lambda-function.ts'

/** The most that Lambda gives: a call begins no step after two thirds of it, and a step takes a minute or two. */
export const recountTimeoutSeconds = 900
const scheduleMinutes = 15

export class Recounting extends Construct {
  constructor(scope: Construct, id: string, lambda: LambdaFunction<'RecountResults'>) {
    super(scope, id)
    const rule = new CfnRule(this, 'Schedule', {
      description: 'Recounts the orgs that were not yet recounted since last night',
      scheduleExpression: `rate(${scheduleMinutes} minutes)`,
      targets: [{ id: 'RecountResults', arn: lambda.resource.functionArn }],
    })
    new CfnPermission(this, 'SchedulePermission', {
      action: 'lambda:InvokeFunction',
      functionName: lambda.resource.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    })
  }
}
