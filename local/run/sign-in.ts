// Starts what stands for the stack's user pool, if it has one: the people, and where they sign in.
import { createServer, type RequestListener } from 'node:http'
import { openUsers, type Users } from '../emulators/users.ts'
import { listen } from '../gate/gate.ts'
import { textAt, textsAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import type { Stack } from '../template/stack.ts'
import type { Stopping } from './stopping.ts'

/** Listens at once, so that its address can be part of the stack; answers 503 until `open` was called. */
export const startSignIn = async (stopping: Stopping) => {
  let listener: RequestListener = (_request, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => listener(request, response))
  const issuer = `http://127.0.0.1:${await listen(server, 0)}`
  stopping.add(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    issuer,
    /** The people of the stack's pool; undefined when it has none. Throws LocalProblem for several pools or clients. */
    open: async (stack: Stack, keptAt: string | undefined): Promise<Users | undefined> => {
      const [pools, clients] = [stack.of('AWS::Cognito::UserPool'), stack.of('AWS::Cognito::UserPoolClient')]
      const [[pool], [client]] = [pools, clients]
      if (pool === undefined) return undefined
      if (pools.length > 1 || client === undefined || clients.length > 1)
        throw new LocalProblem(
          `The template has ${pools.length} user pools and ${clients.length} clients of them; the local deployment serves one of each.`,
        )
      const groups = stack.of('AWS::Cognito::UserPoolGroup').map(({ properties }) => textAt(properties, 'GroupName'))
      const users = openUsers(keptAt, textAt(stack.ref(pool.id)), groups)
      const { makeSignIn } = await import('../emulators/sign-in.ts')
      listener = makeSignIn({
        issuer,
        clientId: textAt(stack.ref(client.id)),
        redirectUrls: textsAt(client.properties, 'CallbackURLs'),
        logoutUrls: textsAt(client.properties, 'LogoutURLs'),
        users,
      })
      return users
    },
  }
}
