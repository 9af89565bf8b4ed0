// Runs a task per item, several at once and no more than several.

/** @returns the results in no order. A task that throws ends the rest; tasks that may fail catch for themselves. */
export async function inLanes<T, R>(items: readonly T[], lanes: number, task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const waiting = items.values()
  const lane = async () => {
    for (const item of waiting) results.push(await task(item))
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return results
}
