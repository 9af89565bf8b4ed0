// What recounts at night: called often enough to go on, with a whole CPU and all the time that there is.
import { expect, it } from 'vitest'
import { recountSliceMs, recountStepMs } from '../../contract/limits.ts'
import { onlyOf, propertiesOf, referenceOf, resourcesOf, templateOf } from './synthesized.ts'

const template = templateOf('prod')

it('calls every quarter of an hour', () => {
  const { id, properties } = onlyOf(template, 'AWS::Events::Rule', 'Recounting')
  expect(properties.ScheduleExpression).toBe('rate(15 minutes)')
  expect(properties.Targets).toEqual([{ Id: 'RecountResults', Arn: { 'Fn::GetAtt': ['RecountResults', 'Arn'] } }])
  const permissions = [...resourcesOf(template, 'AWS::Lambda::Permission').values()].map(({ Properties }) => Properties)
  const own = permissions.filter(({ SourceArn }) => referenceOf(SourceArn) === `${id}.Arn`)
  expect(own).toMatchObject([{ Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' }])
})

it('leaves a step that a call begins as late as it may twice its time, and no alarm rings', () => {
  expect(propertiesOf(template, 'RecountResults')).toMatchObject({ MemorySize: 1_769, Timeout: 900 })
  expect(recountSliceMs + 2 * recountStepMs).toBeLessThan(0.9 * 900_000)
})
