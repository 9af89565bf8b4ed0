// IAM as the gate evaluates it, and the reports of grants that follow from it.
import { describe, expect, it } from 'vitest'
import { dynamodbDemands } from '../../local/gate/dynamodb-demands.ts'
import { type Grant, grantsOf, type RecordedCall, refusedWithout, unusedGrants } from '../../local/gate/grants.ts'
import { decide, isAllowed, statementsOf } from '../../local/gate/policy.ts'
import { s3Address, s3Demands } from '../../local/gate/s3-demands.ts'

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/events'
const statements = (...given: Record<string, unknown>[]) =>
  statementsOf(JSON.parse(JSON.stringify({ Statement: given })), 'Policy')

describe('a policy', () => {
  it('refuses what no statement allows', () => {
    expect(isAllowed([], 'dynamodb:PutItem', table)).toBe(false)
    expect(
      isAllowed(
        statements({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table }),
        'dynamodb:PutItem',
        table,
      ),
    ).toBe(false)
  })

  it('allows by exact names, by wildcards, and without regard to an action’s case', () => {
    expect(
      isAllowed(
        statements({ Effect: 'Allow', Action: ['dynamodb:put*'], Resource: ['arn:aws:dynamodb:*:*:table/ev?nts'] }),
        'dynamodb:PutItem',
        table,
      ),
    ).toBe(true)
    expect(
      isAllowed(statements({ Effect: 'Allow', Action: '*', Resource: '*' }), 's3:GetObject', 'arn:aws:s3:::b/k'),
    ).toBe(true)
  })

  it('does not take a table for its index', () => {
    const given = statements({ Effect: 'Allow', Action: 'dynamodb:Query', Resource: table })
    expect(isAllowed(given, 'dynamodb:Query', `${table}/index/byDay`)).toBe(false)
    expect(
      isAllowed(
        statements({ Effect: 'Allow', Action: 'dynamodb:Query', Resource: `${table}/index/*` }),
        'dynamodb:Query',
        `${table}/index/byDay`,
      ),
    ).toBe(true)
  })

  it('lets an explicit deny win', () => {
    const given = statements(
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'dynamodb:DeleteItem', Resource: '*' },
    )
    expect(decide(given, 'dynamodb:DeleteItem', table, {})).toEqual({
      allowed: false,
      explicitDeny: true,
      statements: ['Policy#1'],
    })
  })

  it('understands NotAction and NotResource', () => {
    const given = statements({ Effect: 'Allow', NotAction: 'dynamodb:Delete*', NotResource: `${table}/index/*` })
    expect(isAllowed(given, 'dynamodb:PutItem', table)).toBe(true)
    expect(isAllowed(given, 'dynamodb:DeleteItem', table)).toBe(false)
    expect(isAllowed(given, 'dynamodb:Query', `${table}/index/x`)).toBe(false)
  })

  it('holds leading keys to their condition', () => {
    const given = statements({
      Effect: 'Allow',
      Action: 'dynamodb:*',
      Resource: table,
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['acme#*'] } },
    })
    expect(isAllowed(given, 'dynamodb:PutItem', table, { 'dynamodb:LeadingKeys': ['acme#1'] })).toBe(true)
    expect(isAllowed(given, 'dynamodb:PutItem', table, { 'dynamodb:LeadingKeys': ['acme#1', 'other#1'] })).toBe(false)
  })

  it('refuses to start on a condition that it cannot evaluate', () => {
    expect(() =>
      statements({
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      }),
    ).toThrow('Policy#0 has the condition IpAddress on aws:SourceIp')
  })
})

describe('the demands of a call', () => {
  const findTable = () => ({ partitionKey: 'pk' })

  it('asks a transaction for the permission of each of its actions', () => {
    const { demands, writes } = dynamodbDemands(
      'DynamoDB_20120810.TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'events', Item: { pk: { S: 'a' } } } },
          { Update: { TableName: 'results', Key: { pk: { S: 'b' } } } },
          { ConditionCheck: { TableName: 'events', Key: { pk: { S: 'c' } } } },
        ],
      },
      findTable,
    )
    expect(demands.map(({ action, resource }) => `${action} ${resource.split('/')[1]}`)).toEqual([
      'dynamodb:PutItem events',
      'dynamodb:UpdateItem results',
      'dynamodb:ConditionCheckItem events',
    ])
    expect(demands[0]?.context).toEqual({ 'dynamodb:LeadingKeys': ['a'] })
    expect(writes).toEqual(['events', 'results'])
  })

  it('asks a query of an index for the index', () => {
    const { demands } = dynamodbDemands(
      'DynamoDB_20120810.Query',
      { TableName: 'events', IndexName: 'byDay' },
      findTable,
    )
    expect(demands[0]?.resource).toBe(`${table}/index/byDay`)
  })

  it('finds the leading key of a query', () => {
    const body = {
      TableName: 'events',
      KeyConditionExpression: '#p = :p AND begins_with(sk, :s)',
      ExpressionAttributeNames: { '#p': 'pk' },
      ExpressionAttributeValues: { ':p': { S: 'acme#1' }, ':s': { S: 'x' } },
    }
    expect(dynamodbDemands('DynamoDB_20120810.Query', body, findTable).demands[0]?.context).toEqual({
      'dynamodb:LeadingKeys': ['acme#1'],
    })
  })

  it.each([
    ['GET', '/b/a%20b/c', 's3:GetObject', 'b/a b/c'],
    ['HEAD', '/b/k', 's3:GetObject', 'b/k'],
    ['PUT', '/b/k?partNumber=1&uploadId=x', 's3:PutObject', 'b/k'],
    ['DELETE', '/b/k?uploadId=x', 's3:AbortMultipartUpload', 'b/k'],
    ['DELETE', '/b/k', 's3:DeleteObject', 'b/k'],
    ['GET', '/b?list-type=2&prefix=x', 's3:ListBucket', 'b'],
  ])('reads %s %s as %s', (method, url, action, path) => {
    expect(s3Demands(method, s3Address(url, '127.0.0.1:1'), undefined, '').demands[0]).toMatchObject({
      action,
      resource: `arn:aws:s3:::${path}`,
    })
  })

  it('finds a bucket in the host', () => {
    expect(s3Address('/k', 'b.localhost:4000')).toMatchObject({ bucket: 'b', key: 'k' })
    expect(s3Address('/k', 'b.s3.localhost:4000')).toMatchObject({ bucket: 'b', key: 'k' })
  })
})

describe('the report of grants', () => {
  const role = {
    name: 'role',
    statements: statements(
      { Effect: 'Allow', Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'logs:PutLogEvents'], Resource: table },
      { Effect: 'Allow', Action: 'dynamodb:Get*', Resource: '*' },
    ),
  }
  const grants = grantsOf(new Map([['fn', role]]))
  const call = (action: string): RecordedCall => {
    const { allowed, statements: by } = decide(role.statements, action, table, {})
    return { function: 'fn', action, resource: table, allowed, statements: by, count: 1 }
  }
  const grantOf = (action: string): Grant => grants.find((grant) => grant.action === action) ?? expect.fail(action)

  it('lists each action on each resource of the services that pass the gate', () => {
    expect(grants.map(({ action }) => action)).toEqual(['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Get*'])
  })

  it('tells which grants no call used', () => {
    expect(unusedGrants(grants, [call('dynamodb:PutItem')]).map(({ action }) => action)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Get*',
    ])
  })

  it('tells which calls would be refused without a grant', () => {
    const calls = [call('dynamodb:PutItem'), call('dynamodb:GetItem')]
    expect(refusedWithout(grantOf('dynamodb:PutItem'), calls, grants)).toHaveLength(1)
    expect(refusedWithout(grantOf('dynamodb:GetItem'), calls, grants)).toHaveLength(0)
  })
})
