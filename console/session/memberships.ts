// Which orgs a person belongs to, and as what: read from the access token, by which the API decides too. Here it only chooses
// what is shown; what may be done is decided by the API.
import * as z from 'zod/mini'
import { memberGroupPattern, operatorGroup, type Role } from '../../contract/member.ts'

export interface Membership {
  readonly org: string
  readonly role: Role
}

const claimsSchema = z.object({ sub: z.string(), 'cognito:groups': z._default(z.array(z.string()), []) })

export interface Claims {
  readonly subject: string
  readonly memberships: readonly Membership[]
  readonly isOperator: boolean
}

/** The claims of an access token, unverified. @throws when it is no JSON Web Token of the user pool's shape */
export function readClaims(accessToken: string): Claims {
  const payload = accessToken.split('.')[1] ?? ''
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  const { sub, 'cognito:groups': groups } = claimsSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  return { subject: sub, memberships: membershipsIn(groups), isOperator: groups.includes(operatorGroup) }
}

/** One membership per org, by alphabet; who is both is an admin. */
export function membershipsIn(groups: readonly string[]): Membership[] {
  const roles = new Map<string, Role>()
  for (const group of groups) {
    const [, org, role] = memberGroupPattern.exec(group) ?? []
    if (org !== undefined && roles.get(org) !== 'admin') roles.set(org, role === 'admin' ? 'admin' : 'viewer')
  }
  return [...roles].map(([org, role]) => ({ org, role })).sort((a, b) => (a.org < b.org ? -1 : 1))
}
