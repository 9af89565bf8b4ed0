// The people of a user pool: who there is, with which password, in which groups. Answers those of Cognito's administrative
// calls that making accounts takes. Kept in one JSON file; undefined keeps them in memory.
import { randomUUID, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import type { OwnService } from '../gate/gate.ts'
import { answerJsonError } from '../gate/refusal.ts'
import { findText, type Json, type JsonRecord, listAt, parseJson, textAt, textsAt } from '../json.ts'

export type User = {
  readonly sub: string
  readonly email: string
  readonly password: string
  readonly groups: readonly string[]
}
export type Users = {
  readonly serve: OwnService
  readonly find: (sub: string) => User | undefined
  /** The user who has this password; undefined without saying what was wrong. */
  readonly signIn: (email: string, password: string) => User | undefined
}

class PoolError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

const stored = (value: Json): User => ({
  sub: textAt(value, 'sub'),
  email: textAt(value, 'email'),
  password: textAt(value, 'password'),
  groups: textsAt(value, 'groups'),
})
const described = ({ sub, email }: User): JsonRecord => ({
  Username: sub,
  Enabled: true,
  UserStatus: 'CONFIRMED',
  Attributes: [
    { Name: 'sub', Value: sub },
    { Name: 'email', Value: email },
  ],
})

/** Opens the people kept in `path`; `groups` are those that the template makes. */
export const openUsers = (path: string | undefined, poolId: string, templateGroups: readonly string[]): Users => {
  const kept = path !== undefined && existsSync(path) ? parseJson(readFileSync(path, 'utf8')) : {}
  const users = new Map(listAt(kept, 'users').map((value) => [textAt(value, 'sub'), stored(value)]))
  const groups = new Set([...templateGroups, ...textsAt(kept, 'groups')])
  const keep = (user: User): void => {
    users.set(user.sub, user)
    save()
  }
  const save = (): void => {
    if (path === undefined) return
    writeFileSync(`${path}.tmp`, JSON.stringify({ users: [...users.values()], groups: [...groups] }), { mode: 0o600 })
    renameSync(`${path}.tmp`, path)
  }
  const findByName = (name: string): User | undefined =>
    users.get(name) ?? [...users.values()].find(({ email }) => email === name.toLowerCase())
  const get = (body: JsonRecord): User => {
    const user = findByName(textAt(body, 'Username'))
    if (user === undefined) throw new PoolError('UserNotFoundException', 'User does not exist.')
    return user
  }

  const operations: Readonly<Record<string, (body: JsonRecord) => Json>> = {
    CreateGroup: (body) => {
      const name = textAt(body, 'GroupName')
      if (groups.has(name)) throw new PoolError('GroupExistsException', 'A group with the name already exists.')
      groups.add(name)
      save()
      return { Group: { GroupName: name, UserPoolId: poolId } }
    },
    AdminCreateUser: (body) => {
      const email = textAt(body, 'Username').toLowerCase()
      if (findByName(email) !== undefined)
        throw new PoolError('UsernameExistsException', 'An account with the given email already exists.')
      const password = findText(body, 'TemporaryPassword') ?? randomUUID()
      const user = { sub: randomUUID(), email, password, groups: [] }
      keep(user)
      return { User: described(user) }
    },
    AdminSetUserPassword: (body) => {
      keep({ ...get(body), password: textAt(body, 'Password') })
      return {}
    },
    AdminAddUserToGroup: (body) => {
      const [user, group] = [get(body), textAt(body, 'GroupName')]
      if (!groups.has(group)) throw new PoolError('ResourceNotFoundException', 'Group not found.')
      keep({ ...user, groups: [...new Set([...user.groups, group])] })
      return {}
    },
  }

  return {
    find: (sub) => users.get(sub),
    signIn: (email, password) => {
      const user = findByName(email)
      const [seen, wanted] = [Buffer.from(password), Buffer.from(user?.password ?? '')]
      return user !== undefined && seen.length === wanted.length && timingSafeEqual(seen, wanted) ? user : undefined
    },
    serve: (operation, body, response) => {
      const run = operations[operation]
      const fail = (code: string, message: string): void => answerJsonError(response, 'cognito-idp', 400, code, message)
      if (run === undefined)
        return fail('UnknownOperationException', `${operation} is not part of the local deployment.`)
      if (textAt(body, 'UserPoolId') !== poolId)
        return fail('ResourceNotFoundException', `User pool ${textAt(body, 'UserPoolId')} does not exist.`)
      try {
        answer(response, run(body))
      } catch (error) {
        if (!(error instanceof PoolError)) throw error
        fail(error.code, error.message)
      }
    },
  }
}

const answer = (response: ServerResponse, value: Json): void => {
  const body = JSON.stringify(value)
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
