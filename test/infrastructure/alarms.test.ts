// The alarms as deployed: each with somebody to tell, a sentence and a heading; nothing that can fail is forgotten. That each one
// fires, and stays quiet, is shown by test/system/alarms.test.ts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import * as environments from '../../contract/environments.ts'
import { type MetricScope, metrics } from '../../contract/metrics.ts'
import { routes } from '../../contract/routes.ts'
import { onlyOf, referenceOf, resourcesOf, templateOf } from './synthesized.ts'

const template = templateOf('prod')
const topic = onlyOf(template, 'AWS::SNS::Topic')
const alarmSchema = z.object({
  AlarmName: z.string().check(z.startsWith('justai-prod-')),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.unknown()),
  OKActions: z.array(z.unknown()),
  Dimensions: z.optional(z.array(z.object({ Value: z.unknown() }))),
})
const alarms = [...resourcesOf(template, 'AWS::CloudWatch::Alarm').values()].map(({ Properties }) => {
  const { AlarmName, ...rest } = alarmSchema.parse(Properties)
  const [kind = '', about] = AlarmName.replace('justai-prod-', '').split('-')
  return { kind, about, ...rest }
})
const [runbook = '', costs = ''] = ['runbook', 'cost'].map((doc) =>
  readFileSync(join(import.meta.dirname, `../../docs/${doc}.md`), 'utf8'),
)

it('tells one topic of every alarm, and of its end', () => {
  const told = [{ Ref: topic.id }]
  for (const { AlarmActions, OKActions } of alarms) expect([AlarmActions, OKActions]).toEqual([told, told])
})

it('lets alarms of this account publish to the topic, and nothing without TLS', () => {
  const { properties } = onlyOf(template, 'AWS::SNS::TopicPolicy')
  expect(properties.PolicyDocument).toMatchObject({
    Statement: [
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ],
  })
})

it('has a heading in the runbook for every alarm, and no heading without one', () => {
  const section = /^## Alarms\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(runbook)?.[1] ?? ''
  const headings = [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
  expect(headings.toSorted()).toEqual([...new Set(alarms.map(({ kind }) => kind))].toSorted())
  for (const part of ['Means', 'Hurt', 'Look at', 'Do']) {
    expect(section.split(`**${part}.**`), part).toHaveLength(headings.length + 1)
  }
})

it('says in every alarm who is hurt, in a sentence, and where it says what to do', () => {
  for (const { kind, AlarmDescription } of alarms) {
    expect(AlarmDescription).toMatch(/^[A-Z].{40,}\. What to do: docs\/runbook\.md, "\w+"\.$/)
    expect(AlarmDescription).toContain(`"${kind}"`)
  }
})

it.each(['FunctionFailing', 'FunctionThrottled', 'NearTimeout'])('has %s of every function', (kind) => {
  const watched = alarms.filter((alarm) => alarm.kind === kind).map(({ about }) => about)
  expect(watched.toSorted()).toEqual(Object.keys(environments).toSorted())
})

it('watches every queue in which something is given up', () => {
  const redrives = [...resourcesOf(template, 'AWS::SQS::Queue').values()].map(
    ({ Properties }) => Properties.RedrivePolicy,
  )
  const sources = [...resourcesOf(template, 'AWS::Lambda::EventSourceMapping').values()]
  const targets = [
    ...redrives.map((redrive) => Reflect.get(Object(redrive), 'deadLetterTargetArn')),
    ...sources.map(({ Properties }) => {
      const config = z
        .object({ OnFailure: z.object({ Destination: z.unknown() }) })
        .safeParse(Properties.DestinationConfig)
      return config.data?.OnFailure.Destination
    }),
  ]
  const queues = targets.flatMap((target) => referenceOf(target)?.replace(/\.Arn$/, '') ?? [])
  const watched = alarms
    .filter(({ kind }) => kind === 'DeadLetters')
    .map(({ Dimensions }) => referenceOf(Dimensions?.[0]?.Value)?.replace(/\.QueueName$/, ''))
  expect(queues.length).toBeGreaterThan(3)
  expect(watched.toSorted()).toEqual(queues.toSorted())
})

it('has one dashboard, which begins with the state of every alarm', () => {
  const { properties } = onlyOf(template, 'AWS::CloudWatch::Dashboard')
  const body = JSON.stringify(properties.DashboardBody)
  for (const id of resourcesOf(template, 'AWS::CloudWatch::Alarm').keys()) expect(body).toContain(`"${id}"`)
  expect(body.indexOf('Is anyone hurt?')).toBeLessThan(body.indexOf('Why:'))
})

it('shows every metric there is on the dashboard', () => {
  const { properties } = onlyOf(template, 'AWS::CloudWatch::Dashboard')
  const body = JSON.stringify(properties.DashboardBody)
  expect(Object.keys(metrics).filter((name) => !new RegExp(`\\b${name}\\b`).test(body))).toEqual([])
})

it('says in docs/cost.md what alarms and metrics cost a month', () => {
  const row = (what: string) => new RegExp(`^\\| ${what} +\\| ([0-9.]+)`, 'm').exec(costs)?.[1]
  const watched = [...resourcesOf(template, 'AWS::CloudWatch::Alarm').values()].map(({ Properties }) => {
    const { Metrics } = z.object({ Metrics: z.optional(z.array(z.looseObject({}))) }).parse(Properties)
    return Metrics?.filter((one) => 'MetricStat' in one).length ?? 1
  })
  expect(row('alarms')).toBe((watched.reduce((sum, each) => sum + each) * 0.1).toFixed(2))
  const answering = new Set(routes.map(({ function: name }) => name)).size
  const count = (scope: MetricScope) => Object.values(metrics).filter((one) => one.scope === scope).length
  expect(row('metrics')).toBe(((count('stage') + count('function') * answering + 10) * 0.3).toFixed(2))
})
