// The alarm that every table has.
import { Duration } from 'aws-cdk-lib'
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { AlarmFacts } from './alarms.ts'

const minute = Duration.minutes(1)

/** @param about the name that the alarm gets */
export function ofTable(about: string, table: TableV2): AlarmFacts {
  const throttled = (metricName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName: table.tableName },
      statistic: 'Sum',
      period: minute,
    })
  return {
    name: 'TableThrottled',
    about,
    impact: `The table ${about} takes fewer reads or writes than it is asked for: answers slow down, then turn into 503.`,
    metric: new MathExpression({
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      label: 'throttled reads and writes',
      period: minute,
      usingMetrics: { reads: throttled('ReadThrottleEvents'), writes: throttled('WriteThrottleEvents') },
    }),
    above: 0,
    periods: { above: 3, of: 5 },
    silence: 'quiet',
  }
}
