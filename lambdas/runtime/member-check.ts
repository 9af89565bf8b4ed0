// Who may use the routes of the console and of administrators: a person by a token of the stage's user pool, or a program
// by a key with scope `admin`. Unknown org, no membership and no proof are answered alike.
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { memberGroupPattern, operatorGroup, type Role } from '../../contract/member.ts'
import { Fault } from '../domain/api/fault.ts'
import { readKeyId } from '../domain/settings/api-key.ts'
import { type CheckKey, type Headers, keyIn } from './key-check.ts'
import type { CheckToken } from './token-check.ts'

export interface MemberCheckDeps {
  readonly checkKey: CheckKey
  readonly checkToken: CheckToken
  readonly stage: string
}

export interface Member {
  readonly org: OrgSlug
  /** For the audit log: `user:<subject>` or `key:<key id>`. */
  readonly who: string
}

export interface MemberCheck {
  /** @throws Fault `auth.failed`, or `auth.forbidden` when a member of the org lacks the role */
  readonly checkMember: (org: string | undefined, headers: Headers, role: Role, signal?: AbortSignal) => Promise<Member>
  /** @throws Fault `auth.failed`, or `auth.forbidden` for everybody who is no operator */
  readonly checkOperator: (headers: Headers) => Promise<{ readonly who: string }>
}

export function makeMemberCheck({ checkKey, checkToken, stage }: MemberCheckDeps): MemberCheck {
  const readToken = async (headers: Headers) => {
    const token = tokenIn(headers)
    const facts = token === undefined ? undefined : await checkToken(token)
    if (facts === undefined) throw new Fault('auth.failed')
    return { who: `user:${facts.subject}`, groups: facts.groups }
  }
  return {
    async checkMember(org, headers, role, signal) {
      if (tokenIn(headers) === undefined) {
        const checked = await checkKey(org, headers, 'admin', signal)
        return { org: checked, who: `key:${readKeyId(keyIn(headers) ?? '', stage) ?? ''}` }
      }
      const slug = orgSlugSchema.safeParse(org)
      const { who, groups } = await readToken(headers)
      const roles = slug.success ? rolesIn(slug.data, groups) : []
      if (!slug.success || roles.length === 0) throw new Fault('auth.failed')
      if (role === 'admin' && !roles.includes('admin')) throw new Fault('auth.forbidden')
      return { org: slug.data, who }
    },
    async checkOperator(headers) {
      const { who, groups } = await readToken(headers)
      if (!groups.includes(operatorGroup)) throw new Fault('auth.forbidden')
      return { who }
    },
  }
}

function rolesIn(org: OrgSlug, groups: readonly string[]): string[] {
  return groups.flatMap((group) => {
    const [, slug, role] = memberGroupPattern.exec(group) ?? []
    return slug === org && role !== undefined ? [role] : []
  })
}

/** A bearer token that is no API key. A key in its own header goes first. */
function tokenIn(headers: Headers): string | undefined {
  if ((headers['x-api-key'] ?? '').trim() !== '') return undefined
  return /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i.exec(headers.authorization ?? '')?.[1]
}
