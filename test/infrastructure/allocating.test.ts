// What computes weights: called every hour, with a whole CPU and all the time that there is.
import { expect, it } from 'vitest'
import { onlyOf, propertiesOf, referenceOf, resourcesOf, templateOf } from './synthesized.ts'

const template = templateOf('prod')

it('computes weights every hour', () => {
  const { id, properties } = onlyOf(template, 'AWS::Events::Rule', 'Allocating')
  expect(properties.ScheduleExpression).toBe('rate(1 hour)')
  expect(properties.Targets).toEqual([{ Id: 'UpdateAllocations', Arn: { 'Fn::GetAtt': ['UpdateAllocations', 'Arn'] } }])
  const permissions = [...resourcesOf(template, 'AWS::Lambda::Permission').values()].map(({ Properties }) => Properties)
  const own = permissions.filter(({ SourceArn }) => referenceOf(SourceArn) === `${id}.Arn`)
  expect(own).toMatchObject([{ Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' }])
})

it('has a whole CPU and the time that Lambda gives at most', () => {
  expect(propertiesOf(template, 'UpdateAllocations')).toMatchObject({ MemorySize: 1_769, Timeout: 900 })
})
