// What counts results anew: never two slices too many, nothing lost, and a message that was lost is sent again.
import { expect, it } from 'vitest'
import { remeasureSliceMs } from '../../contract/limits.ts'
import { onlyOf, propertiesOf, templateOf } from './synthesized.ts'

const template = templateOf('prod')
const timeoutSeconds = Number(propertiesOf(template, 'RemeasureOutcomes').Timeout)
const queue = onlyOf(template, 'AWS::SQS::Queue', 'RestatingRestatements7').properties

it('hands over well before its time is up', () => {
  expect(remeasureSliceMs).toBeLessThanOrEqual((timeoutSeconds - 30) * 1_000)
})

it('hides a message six times as long as a call may take, and gives it up after some tries', () => {
  expect(queue.VisibilityTimeout).toBe(6 * timeoutSeconds)
  expect(queue.RedrivePolicy).toMatchObject({ maxReceiveCount: 3 })
})

it('works on one restatement a call, and on few at once', () => {
  const { properties } = onlyOf(template, 'AWS::Lambda::EventSourceMapping', 'Restating')
  expect(properties).toMatchObject({
    BatchSize: 1,
    ScalingConfig: { MaximumConcurrency: 2 },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  })
})

it('looks for what no message tells of every five minutes', () => {
  const { properties } = onlyOf(template, 'AWS::Events::Rule', 'Restating')
  expect(properties.ScheduleExpression).toBe('rate(5 minutes)')
})
