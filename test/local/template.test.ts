// Reading a template: intrinsics, order, names, and what stops the engine.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../local/json.ts'
import { readAssembly } from '../../local/template/assembly.ts'
import { deploymentOrder } from '../../local/template/dependencies.ts'
import { makeEvaluator } from '../../local/template/intrinsics.ts'
import { openStack } from '../../local/template/stack.ts'

const template = {
  Parameters: { Stage: { Type: 'String', Default: 'dev' } },
  Mappings: { Sizes: { dev: { memory: 128 } } },
  Conditions: {
    IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    IsNot: { 'Fn::Not': [{ Condition: 'IsDev' }] },
    Both: { 'Fn::And': [{ Condition: 'IsDev' }, { 'Fn::Or': [{ Condition: 'IsNot' }, { Condition: 'IsDev' }] }] },
  },
}
const { value, condition } = makeEvaluator(template, 'stack', {
  ref: (id) => `ref:${id}`,
  attribute: (id, name) => `att:${id}.${name}`,
  parameter: (defaultValue) => defaultValue,
  joined: (text) => text,
})

const writeApp = (resources: Json, parameters: Json = {}): string => {
  const dir = mkdtempSync(join(tmpdir(), 'app-'))
  mkdirSync(dir, { recursive: true })
  writeFileSync(
    join(dir, 'manifest.json'),
    JSON.stringify({
      artifacts: {
        Only: {
          type: 'aws:cloudformation:stack',
          properties: { templateFile: 'Only.template.json', stackName: 'only-dev' },
        },
      },
    }),
  )
  writeFileSync(join(dir, 'Only.template.json'), JSON.stringify({ Resources: resources, Parameters: parameters }))
  return dir
}
const world = {
  apiUrl: 'http://api',
  gateUrl: 'http://gate',
  signInUrl: 'http://sign-in',
  consoleUrl: 'http://127.0.0.1:4101',
  streamArn: (table: string) => `arn:stream:${table}`,
  standIns: new Map([['https://third.example', 'http://127.0.0.1:1']]),
}

describe('intrinsics', () => {
  it.each<[string, Json, Json]>([
    ['Ref to a resource', { Ref: 'Thing' }, 'ref:Thing'],
    ['Ref to a parameter', { Ref: 'Stage' }, 'dev'],
    [
      'pseudo parameters',
      { 'Fn::Join': [':', [{ Ref: 'AWS::Partition' }, { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }]] },
      'aws:us-east-1:000000000000',
    ],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Thing', 'Arn'] }, 'att:Thing.Arn'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Thing.Outputs.X' }, 'att:Thing.Outputs.X'],
    [
      'Sub with references',
      { 'Fn::Sub': '${Thing}-${Thing.Arn}-${!Raw}-${AWS::Region}' },
      'ref:Thing-att:Thing.Arn-${Raw}-us-east-1',
    ],
    ['Sub with its own variables', { 'Fn::Sub': ['${a}/${Thing}', { a: { Ref: 'Stage' } }] }, 'dev/ref:Thing'],
    ['Select of a Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['If that holds', { 'Fn::If': ['IsDev', 'yes', 'no'] }, 'yes'],
    [
      'If without a value',
      { list: ['a', { 'Fn::If': ['IsNot', 'b', { Ref: 'AWS::NoValue' }] }], gone: { Ref: 'AWS::NoValue' } },
      { list: ['a'] },
    ],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 128],
  ])('resolves %s', (_name, input, expected) => {
    expect(value(input)).toEqual(expected)
  })

  it('evaluates conditions made of conditions', () => {
    expect(condition('Both')).toBe(true)
    expect(condition('IsNot')).toBe(false)
  })

  it('names an intrinsic that it does not know', () => {
    expect(() => value({ 'Fn::Cidr': ['10.0.0.0/16'] })).toThrow('Fn::Cidr')
  })
})

describe('a stack', () => {
  it('orders resources after all that they refer to', () => {
    const order = deploymentOrder({
      A: { Properties: { x: { 'Fn::GetAtt': ['B', 'Arn'] } } },
      B: { Properties: { y: { 'Fn::Sub': '${C.Arn}' } } },
      C: { DependsOn: 'D' },
      D: {},
    })
    expect(order).toEqual(['D', 'C', 'B', 'A'])
  })

  it('tells of a circle', () => {
    expect(() => deploymentOrder({ A: { DependsOn: ['B'] }, B: { DependsOn: 'A' } })).toThrow('A -> B -> A')
  })

  it('stops at a resource type that it does not know, with one sentence that names it', () => {
    const app = writeApp({ Cluster: { Type: 'AWS::ECS::Cluster', Properties: {} } })
    expect(() => openStack(readAssembly(app), world)).toThrow(
      "The template's resource Cluster is of type AWS::ECS::Cluster, which the local deployment does not know.",
    )
  })

  it('names what the template leaves unnamed, and keeps the names that it gives', () => {
    const stack = openStack(
      readAssembly(
        writeApp({
          Things: {
            Type: 'AWS::DynamoDB::Table',
            Properties: { TableName: { 'Fn::Sub': 'things-${AWS::AccountId}' } },
          },
          BigBucket12345678: { Type: 'AWS::S3::Bucket', Properties: {} },
          Jobs: { Type: 'AWS::SQS::Queue', Properties: {} },
        }),
      ),
      world,
    )
    expect(stack.of('AWS::DynamoDB::Table')[0]?.name).toBe('things-000000000000')
    expect(stack.ref('BigBucket12345678')).toBe('only-dev-bigbucket12345678')
    expect(stack.ref('Jobs')).toBe('http://gate/000000000000/only-dev-Jobs')
  })

  it('gives a parameter the stand-in of the third party that is its default, and any other parameter its default', () => {
    const functionWith = (parameter: string) => ({
      Type: 'AWS::Lambda::Function',
      Properties: { Environment: { Variables: { URL: { Ref: parameter } } } },
    })
    const parameters = {
      ThirdParty: { Type: 'String', Default: 'https://third.example' },
      Other: { Type: 'String', Default: 'https://other.example' },
    }
    const app = writeApp({ A: functionWith('ThirdParty'), B: functionWith('Other') }, parameters)
    const urls = openStack(readAssembly(app), world)
      .of('AWS::Lambda::Function')
      .map(({ properties }) => properties.Environment)
    expect(urls).toEqual([
      { Variables: { URL: 'http://127.0.0.1:1' } },
      { Variables: { URL: 'https://other.example' } },
    ])
  })

  it('says what is missing when nothing was synthesized', () => {
    expect(() => readAssembly('/nowhere/cdk.out')).toThrow('No synthesized app was found in /nowhere/cdk.out')
  })
})
