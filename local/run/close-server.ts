// Ends a server: no new requests, a while for those under way.
import type { Server } from 'node:http'

/** Resolves when it is closed; connections that outlive `graceMs` are cut. */
export const closeServer = (server: Server, graceMs: number): Promise<void> =>
  new Promise((done) => {
    const limit = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(limit)
      done()
    })
    server.closeIdleConnections()
  })
