// What every deployed function is: its runtime, limits, environment, log.
import { describe, expect, it } from 'vitest'
import * as environments from '../../contract/environments.ts'
import type { FunctionName } from '../../contract/function-name.ts'
import { answerBudgetMs } from '../../contract/limits.ts'
import { routes } from '../../contract/routes.ts'
import { stageNames, stages } from '../../lib/config.ts'
import { propertiesOf, referenceOf, resourcesOf, templateOf } from './synthesized.ts'

/** Customer.io closes a webhook's connection then. */
const customerIoWaitsMs = 4_000
/** API Gateway gives up on an integration then. */
const apiGatewayWaitsMs = 30_000

const prod = templateOf('prod')
const names = Object.keys(environments)

it('deploys the functions of the contract, and beside them only the one by which CDK uploads the console', () => {
  const [uploads] = [...resourcesOf(prod, 'Custom::CDKBucketDeployment').values()]
  const uploader = referenceOf(uploads?.Properties.ServiceToken)?.replace(/\.Arn$/, '') ?? ''
  expect([...resourcesOf(prod, 'AWS::Lambda::Function').keys()].sort()).toEqual([...names, uploader].toSorted())
})

describe.each(names)('%s', (name) => {
  const properties = propertiesOf(prod, name)

  it('runs an ES module on Node 24 on arm64', () =>
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' }))

  it('has the memory of its stage and a timeout of its own', () => {
    expect(properties.MemorySize).toBe(new Map<string, number>(Object.entries(stages.prod.memoryMb)).get(name))
    expect(properties.Timeout).toBeTypeOf('number')
  })

  it.each(stageNames)('has every variable of its contract and no other in %s', (stage) => {
    const own = new Map<string, readonly string[]>(Object.entries(environments)).get(name) ?? []
    const { Environment } = propertiesOf(templateOf(stage), name)
    expect(Environment).toEqual({ Variables: expect.objectContaining({ STAGE: stage }) })
    const variables = Object.keys(Object.values(Environment ?? {})[0] ?? {})
    expect(variables.sort()).toEqual(['STAGE', ...own].sort())
  })

  it.each(stageNames)('writes to a log of its own that is kept as long as %s says', (stage) => {
    const template = templateOf(stage)
    const id = referenceOf(Object.values(propertiesOf(template, name).LoggingConfig ?? {})[0]) ?? ''
    expect(propertiesOf(template, id)).toMatchObject({
      LogGroupName: `/aws/lambda/justai-${stage}-${name}`,
      RetentionInDays: stages[stage].logDays,
    })
  })

  it('is named so that alarms can be', () => expect(properties.FunctionName).toBe(`justai-prod-${name}`))
})

it.each<FunctionName>(['GenerateCopy', 'ReceiveCioWebhook'])('%s ends after its answer, before its caller', (name) => {
  const timeoutMs = Number(propertiesOf(prod, name).Timeout) * 1_000
  expect(timeoutMs).toBeGreaterThan(answerBudgetMs)
  expect(timeoutMs).toBeLessThanOrEqual(customerIoWaitsMs)
})

it.each<FunctionName>(['ReadResults', 'Manage', 'CheckSetup', 'DescribeApi'])(
  '%s ends long before API Gateway stops waiting',
  (name) => {
    expect(Number(propertiesOf(prod, name).Timeout) * 1_000).toBeLessThan(apiGatewayWaitsMs)
  },
)

it('lets each table variable name the table that it says', () => {
  const tables: Record<string, string> = {
    EVENTS_TABLE: 'EventsTable',
    OUTCOMES_TABLE: 'OutcomesTable',
    RESULTS_TABLE: 'ResultsTable',
    SETTINGS_TABLE: 'SettingsTable',
  }
  for (const name of names) {
    const variables = Object.entries(Object.values(propertiesOf(prod, name).Environment ?? {})[0] ?? {})
    const named = variables.filter(([variable]) => variable.endsWith('_TABLE'))
    expect(named.map(([variable, value]) => [variable, referenceOf(value)])).toEqual(
      named.map(([variable]) => [variable, tables[variable]]),
    )
  }
})

describe('reserved concurrency', () => {
  const reserved = names.flatMap((name) => {
    const own = propertiesOf(prod, name).ReservedConcurrentExecutions
    return own === undefined ? [] : [{ name, own: Number(own) }]
  })

  it('caps nothing that answers a caller', () => {
    const answering = new Set<string>(routes.map((route) => route.function))
    expect(reserved.filter(({ name }) => answering.has(name))).toEqual([])
    expect(reserved.map(({ name }) => name)).toContain('MeasureOutcomes')
  })

  it("leaves 600 of an account's 1,000 for answers, whatever files, measuring and schedules do", () => {
    const all = reserved.reduce((sum, { own }) => sum + own, 0)
    expect(1_000 - all).toBeGreaterThanOrEqual(600)
  })

  it('gives a queue at least what its event source may use, so that no message is thrown back', () => {
    for (const { Properties } of resourcesOf(prod, 'AWS::Lambda::EventSourceMapping').values()) {
      const { MaximumConcurrency } = Object(Properties.ScalingConfig ?? {})
      const own = reserved.find(({ name }) => name === referenceOf(Properties.FunctionName))?.own
      if (MaximumConcurrency !== undefined && own !== undefined) expect(own).toBeGreaterThanOrEqual(MaximumConcurrency)
    }
  })

  it('is asked for in no stage that a new account must be able to hold', () => {
    for (const stage of ['dev', 'staging'] as const) expect(stages[stage].reservedConcurrency).toEqual({})
  })
})
