import { expect, test } from 'vitest'
import { withinBudget } from '../../lambdas/runtime/budget.ts'

test('what is done in time is handed on, faults included', async () => {
  expect(await withinBudget(1_000, async () => 'done')).toBe('done')
  await expect(withinBudget(1_000, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})

test('what takes too long is a passing fault, and is told to stop', async () => {
  let aborted = false
  const endless = (signal: AbortSignal) => {
    signal.addEventListener('abort', () => {
      aborted = true
    })
    return new Promise<never>(() => {})
  }
  await expect(withinBudget(20, endless)).rejects.toEqual(expect.objectContaining({ code: 'service.unavailable' }))
  expect(aborted).toBe(true)
})
