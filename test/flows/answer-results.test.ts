// Which days an answer covers, and that nothing is decided on days that somebody picked. On DynamoDB Local.
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, describe, expect, it } from 'vitest'
import { resultsAnswerSchema } from '../../contract/results.ts'
import { answerResults } from '../../lambdas/flows/answer-results.ts'
import { resultsKey } from '../../lambdas/store/result-keys.ts'
import { findFirstDay, readResults } from '../../lambdas/store/results.ts'
import { orgOf, templateOf, variantOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { controlRow, dayAt, drawnRow, rowOf } from '../support/result-rows.ts'

const acme = orgOf('acme')
const nowMs = Date.parse(`${dayAt(60)}T12:00:00Z`)
let database: TestDatabase
let shards = 0
beforeAll(async () => {
  database = await makeTables()
  const started = [
    controlRow(2, { sent: 10_000, clicked: 300, human_clicked: 300 }),
    drawnRow(2, 'a', 0, { sent: 10_000, clicked: 300, human_clicked: 300 }),
    controlRow(50, { sent: 10_000, clicked: 300, human_clicked: 300 }),
    drawnRow(50, 'a', 0, { sent: 10_000, clicked: 450, human_clicked: 450 }),
  ]
  // More days of test calls than the first page of rows has.
  const tried = Array.from({ length: 60 }, () => rowOf(0, 'treatment', 'a', 'v0', { served: 1 }))
  for (const { scope, cell, counts } of [...tried, ...started]) {
    const item = { ...resultsKey(acme, scope, cell, shards++), ...counts, changes: 1 }
    await database.client.send(new PutItemCommand({ TableName: database.tables.results, Item: marshall(item) }))
  }
})

async function ask(query: Record<string, string>, template = 'welcome') {
  const { client, tables } = database
  const answer = await answerResults(
    {
      findTemplate: async () => ({ template: templateOf(template), variants: [variantOf('a')] }),
      findOrg: async () => undefined,
      listRestatements: async () => [],
      listAllocations: async () => [],
      readResults: (org, scope, days) => readResults(client, tables.results, org, scope, days),
      findFirstDay: (org, scope) => findFirstDay(client, tables.results, org, scope),
      now: () => nowMs,
    },
    acme,
    template,
    query,
  )
  return resultsAnswerSchema.parse(answer)
}

describe('an answer covers', () => {
  it('all of a test when nobody asks for days, and decides on it', async () => {
    const seen = await ask({})
    expect(seen).toMatchObject({ from: dayAt(0), to: dayAt(60), started_on: dayAt(2) })
    expect(seen.decision).toMatchObject({ decision: 'ready_to_ship', copy_id: 'a' })
    expect(seen.warnings).toEqual([])
  })

  it('the days asked for; from the first send on they are all of it', async () => {
    const seen = await ask({ from: dayAt(2) })
    expect(seen).toMatchObject({ from: dayAt(2), started_on: dayAt(2), decision: { decision: 'ready_to_ship' } })
  })

  it('a part of a test without deciding on it, however clear it looks', async () => {
    const seen = await ask({ from: dayAt(3) })
    expect(seen.comparison.copies[0]?.lift?.lower).toBeGreaterThan(0)
    expect(seen.decision).toMatchObject({ decision: 'cannot_tell', copy_id: null })
    expect(seen.decision.reasons.map(({ code }) => code)).toEqual(['part_of_days', 'better'])
    expect(seen.warnings).toMatchObject([{ code: 'part_of_days', message: expect.stringContaining(dayAt(2)) }])
  })

  it('what was until a day: a look at an earlier time is a look like any other', async () => {
    expect((await ask({ to: dayAt(10) })).decision.decision).toBe('keep_running')
    expect((await ask({ to: dayAt(10) })).warnings).toEqual([])
  })

  it('today while nothing was sent', async () => {
    expect(await ask({}, 'other')).toMatchObject({ from: dayAt(60), to: dayAt(60), started_on: null })
    expect(await ask({ from: dayAt(1) }, 'other')).toMatchObject({ from: dayAt(1), started_on: null })
  })
})
