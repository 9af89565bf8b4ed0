// How what somebody changes at Customer.io is noticed: a schedule that has it asked what is no longer fresh.
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { LambdaFunction } from './lambda-function.ts'

/** The most that Lambda gives: some thousand orgs. */
export const askTimeoutSeconds = 900
/** More often than words grow old: what was not answered is asked for again within it. */
const scheduleHours = 1

export class Asking extends Construct {
  constructor(scope: Construct, id: string, lambda: LambdaFunction<'WatchCustomerio'>) {
    super(scope, id)
    const rule = new CfnRule(this, 'Schedule', {
      description: 'Asks Customer.io again what is no longer fresh',
      scheduleExpression: `rate(${scheduleHours} hour)`,
      targets: [{ id: 'WatchCustomerio', arn: lambda.resource.functionArn }],
    })
    new CfnPermission(this, 'SchedulePermission', {
      action: 'lambda:InvokeFunction',
      functionName: lambda.resource.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    })
  }
}
