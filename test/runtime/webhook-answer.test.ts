import type { Context } from 'aws-lambda'
import { expect, test } from 'vitest'
import { webhookHandler } from '../../lambdas/runtime/webhook-answer.ts'
import { cioPost } from '../support/cio-signer.ts'

// biome-ignore lint/suspicious/noExplicitAny: the handler reads nothing of the context
const context = {} as any as Context

test('answers when the time is over, tells the work to stop, and prepares only once', async () => {
  let prepared = 0
  let stopped = false
  const handle = webhookHandler(
    () => {},
    () => {
      prepared++
      return (_event, signal) => {
        signal.addEventListener('abort', () => {
          stopped = true
        })
        return new Promise(() => {})
      }
    },
    30,
  )
  const startedMs = performance.now()
  expect((await handle(cioPost({ body: '' }), context)).statusCode).toBe(503)
  expect(performance.now() - startedMs).toBeLessThan(500)
  expect(stopped).toBe(true)
  await handle(cioPost({ body: '' }), context)
  expect(prepared).toBe(1)
})

test('leaves no timer behind when the work ends in time', async () => {
  const handle = webhookHandler(
    () => {},
    () => async () => 'refused' as const,
  )
  const before = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
  expect((await handle(cioPost({ body: '' }), context)).statusCode).toBe(401)
  expect(process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length).toBe(before)
})

test.each([
  [{ status: 'accepted', event_id: 'e' } as const, { Accepted: 1, Answers2xx: 1 }],
  [{ status: 'quarantined', event_id: 'e' } as const, { Quarantined: 1, Answers2xx: 1 }],
  ['refused' as const, { Answers401: 1 }],
  [new Error('slow table'), { Answers5xx: 1 }],
])('tells what became of a call: %j', async (outcome, values) => {
  const told: [object, string | undefined][] = []
  const work = async () => {
    if (outcome instanceof Error) throw outcome
    return outcome
  }
  const handle = webhookHandler(
    () => {},
    () => work,
    undefined,
    (of, org) => told.push([of, org]),
  )
  await handle(cioPost({ body: '' }), context)
  expect(told).toEqual([[{ ...values, Latency: expect.any(Number) }, outcome === 'refused' ? undefined : 'acme']])
})

test('answers also when its metrics cannot be told', async () => {
  const broken = () => {
    throw new Error('no standard output')
  }
  const work = async () => ({ status: 'accepted', event_id: 'e' }) as const
  const handle = webhookHandler(
    () => {},
    () => work,
    undefined,
    broken,
  )
  expect((await handle(cioPost({ body: '' }), context)).statusCode).toBe(200)
})
