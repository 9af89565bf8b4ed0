// Starts what stands for the stack's distribution, if it has one: the console, and the API on the same address.
import { createServer, type RequestListener } from 'node:http'
import { findDistribution } from '../distribution/distribution.ts'
import { makeDistributionListener } from '../distribution/server.ts'
import { listen } from '../gate/gate.ts'
import type { Assembly } from '../template/assembly.ts'
import type { Stack } from '../template/stack.ts'
import type { Stopping } from './stopping.ts'

/** Listens at once, so that its address can be part of the stack; answers 503 until `open` was called. Port 0: any. */
export const startConsole = async (stopping: Stopping, port: number) => {
  let listener: RequestListener = (_request, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => listener(request, response))
  const url = `http://127.0.0.1:${await listen(server, port)}`
  stopping.add(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url,
    /** What the ready file tells of it: nothing when the stack has no distribution. */
    open: (stack: Stack, assembly: Assembly): { readonly consoleUrl?: string } => {
      const distribution = findDistribution(stack, assembly)
      if (distribution === undefined) return {}
      listener = makeDistributionListener(distribution)
      return { consoleUrl: url }
    },
  }
}
