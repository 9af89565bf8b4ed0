// What a token says about a person's orgs.
import { describe, expect, it } from 'vitest'
import { membershipsIn, readClaims } from '../../console/session/memberships.ts'

const tokenOf = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`

describe('memberships', () => {
  it('are one per org, the stronger role counting, by alphabet', () => {
    expect(membershipsIn(['org:zoo:viewer', 'org:acme:viewer', 'org:acme:admin', 'org:zoo:viewer'])).toEqual([
      { org: 'acme', role: 'admin' },
      { org: 'zoo', role: 'viewer' },
    ])
    expect(membershipsIn(['org:acme:admin', 'org:acme:viewer'])).toEqual([{ org: 'acme', role: 'admin' }])
  })

  it('come from no group of another shape', () => {
    expect(
      membershipsIn(['operators', 'org:Acme:admin', 'org:acme:owner', 'xorg:acme:admin', 'org:acme:admin:x']),
    ).toEqual([])
  })
})

describe('claims', () => {
  it('are read from the middle of the token, whatever characters it holds', () => {
    const claims = readClaims(tokenOf({ sub: 'ü-1', 'cognito:groups': ['operators', 'org:acme:viewer'] }))
    expect(claims).toEqual({ subject: 'ü-1', memberships: [{ org: 'acme', role: 'viewer' }], isOperator: true })
  })

  it('of a token without groups name no org', () => {
    expect(readClaims(tokenOf({ sub: '1' }))).toMatchObject({ memberships: [], isOperator: false })
  })

  it.each(['', 'a', 'a.b.c', tokenOf({ groups: [] })])('of what is no token are an error: %j', (token) => {
    expect(() => readClaims(token)).toThrow()
  })
})
