// What wakes somebody: every alarm of the stage on one topic, each with the sentence that says who is hurt and the heading of
// docs/runbook.md that says what to do. What the alarms are stands in alarm-list.ts.
import { CfnResource, Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'

export interface AlarmFacts {
  /** A heading of docs/runbook.md. Alarms of several functions, queues or tables share one. */
  readonly name: string
  /** Which of them, where there are several. */
  readonly about?: string
  /** One sentence: who is hurt, and how. */
  readonly impact: string
  readonly metric: IMetric
  /** Above this it counts. */
  readonly above: number
  /** How many of the last periods must be above: both 1 for what needs no second look. */
  readonly periods: { readonly above: number; readonly of: number }
  /** What a period without data says: nothing happens, or what should tell has stopped. */
  readonly silence: 'quiet' | 'alarming'
}

export class Alarms extends Construct {
  readonly topic: Topic
  readonly all: readonly Alarm[]

  constructor(scope: Construct, id: string, { list }: { readonly list: readonly AlarmFacts[] }) {
    super(scope, id)
    this.topic = new Topic(this, 'Topic', { enforceSSL: true })
    // With a policy of its own a topic no longer takes what the account's alarms send.
    const publish = new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [this.topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    })
    this.topic.addToResourcePolicy(publish)
    const action = new SnsAction(this.topic)
    this.all = list.map((facts) => {
      const alarm = this.#alarm(facts)
      alarm.addAlarmAction(action)
      alarm.addOkAction(action)
      return alarm
    })
  }

  #alarm({ name, about, impact, metric, above, periods, silence }: AlarmFacts): Alarm {
    const id = about === undefined ? name : `${name}-${about}`
    const alarm = new Alarm(this, id, {
      alarmName: `${Stack.of(this).stackName}-${id}`,
      alarmDescription: `${impact} What to do: docs/runbook.md, "${name}".`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      datapointsToAlarm: periods.above,
      evaluationPeriods: periods.of,
      treatMissingData: silence === 'quiet' ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
    })
    const { defaultChild } = alarm.node
    if (CfnResource.isCfnResource(defaultChild)) defaultChild.overrideLogicalId(`Alarm${id.replaceAll('-', '')}`)
    return alarm
  }
}
