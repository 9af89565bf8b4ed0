// The stack as a whole: what it tells, what it is made of, and that stages differ in one place only.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readStage, stageNames, stages } from '../../lib/config.ts'
import { templateOf } from './synthesized.ts'

const root = join(import.meta.dirname, '../..')

describe('the outputs', () => {
  it.each(stageNames)('tell what operators and tools need in %s', (stage) => {
    expect(Object.keys(templateOf(stage).Outputs).sort()).toEqual([
      'AlarmTopicArn',
      'AlertSecretPrefix',
      'ApiUrl',
      'ConsoleUrl',
      'DataBucketName',
      'DeadLetters',
      'EventsTableName',
      'FailureQueueUrl',
      'FileNoticesQueueUrl',
      'OrgSecretPrefix',
      'OutcomesTableName',
      'RestatementQueueUrl',
      'ResultsTableName',
      'SettingsTableName',
      'SignInUrl',
      'Stage',
      'TokenClientId',
      'TokenIssuer',
      'UserPoolId',
    ])
  })

  it('name each table', () => {
    const { Outputs } = templateOf('prod')
    for (const table of ['EventsTable', 'OutcomesTable', 'ResultsTable', 'SettingsTable']) {
      expect(Outputs[`${table}Name`]).toEqual({ Value: { Ref: table } })
    }
    expect(Outputs.DataBucketName).toEqual({ Value: { Ref: 'DataBucket' } })
  })
})

describe('a stage', () => {
  it.each(stageNames)('is found by its name: %s', (name) => expect(readStage(name)).toBe(stages[name]))

  it.each(['production', '', 'Dev', 7, null])('that does not exist is refused in one sentence: %j', (name) => {
    expect(() => readStage(name)).toThrow(`Unknown stage ${JSON.stringify(name)}: use -c stage=dev|staging|prod`)
  })

  it('is asked for nowhere but in the configuration', () => {
    const all = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    const files = all.filter((file) => file.endsWith('.ts') && file !== 'config.ts')
    const asking = files.filter((file) => /'(dev|staging|prod)'/.test(readFileSync(join(root, 'lib', file), 'utf8')))
    expect(files.length).toBeGreaterThan(5)
    expect(asking).toEqual([])
  })

  it('makes the same resources as every other', () => {
    const [first, ...others] = stageNames.map((stage) => Object.keys(templateOf(stage).Resources).sort())
    for (const other of others) expect(other).toEqual(first)
  })
})

it('is made of these resources', () => {
  const byType = Map.groupBy(Object.entries(templateOf('prod').Resources), ([, { Type }]) => Type)
  const listed = [...byType].map(([type, resources]) => [type, resources.map(([id]) => id).sort()] as const)
  expect(Object.fromEntries(listed.toSorted(([a], [b]) => (a < b ? -1 : 1)))).toMatchSnapshot()
})
