import { beforeEach, expect, test } from 'vitest'
import { makeCache } from '../../lambdas/runtime/cache.ts'

let nowMs = 0
const now = () => nowMs
const cache = () => makeCache<string>({ maxEntries: 3, lifeMs: 10, now })
beforeEach(() => {
  nowMs = 0
})

test('a value is found until its life is over', () => {
  const kept = cache()
  kept.keep('a', 'x')
  nowMs = 9
  expect(kept.find('a')).toBe('x')
  nowMs = 10
  expect(kept.find('a')).toBeUndefined()
})

test('the age counts from before the read', async () => {
  const kept = cache()
  await kept.load('a', async () => {
    nowMs = 6
    return 'x'
  })
  nowMs = 10
  expect(kept.find('a')).toBeUndefined()
})

test('the entry that was kept longest ago makes room', () => {
  const kept = cache()
  for (const key of ['a', 'b', 'c', 'a', 'd']) kept.keep(key, key)
  expect(['a', 'b', 'c', 'd'].map(kept.find)).toEqual(['a', undefined, 'c', 'd'])
})

test('callers at the same time share one read', async () => {
  const kept = cache()
  let reads = 0
  const read = async () => `read ${++reads}`
  expect(await Promise.all([kept.load('a', read), kept.load('a', read), kept.load('b', read)])).toEqual([
    'read 1',
    'read 1',
    'read 2',
  ])
})

test('neither a failure nor a value that is not there is kept', async () => {
  const kept = cache()
  await expect(kept.load('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  expect(await kept.load('a', async () => undefined)).toBeUndefined()
  expect(await kept.load('a', async () => 'x')).toBe('x')
})
