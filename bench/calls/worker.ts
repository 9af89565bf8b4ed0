// The process in which one handler is measured, alone, so that neither side profits from code that the other has warmed up.
// Argument: the file to import. For each list of events that it is sent it calls the handler with one after the other and
// answers what that took.
import { pathToFileURL } from 'node:url'

const [, , file = ''] = process.argv
const { handler } = await import(pathToFileURL(file).href)
const context = { functionName: 'bench', awsRequestId: 'bench' }

process.on('message', (events) => {
  if (!Array.isArray(events)) throw new Error('a list of events was expected')
  measure(events).then(
    (taken) => process.send?.(taken),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.send?.('ready')

async function measure(events: readonly unknown[]): Promise<{ cpuUs: number; wallUs: number }> {
  // What arriving events left behind is nobody's cost.
  globalThis.gc?.()
  const before = process.cpuUsage()
  const startMs = performance.now()
  const answers: { statusCode: number; body?: string }[] = []
  for (const event of events) answers.push(await handler(event, context))
  const wallUs = (performance.now() - startMs) * 1_000
  const { user, system } = process.cpuUsage(before)
  const refused = answers.find(({ statusCode }) => statusCode !== 200)
  if (refused !== undefined) throw new Error(`a handler answered ${JSON.stringify(refused)}`)
  return { cpuUs: (user + system) / events.length, wallUs: wallUs / events.length }
}
