// Who is signed in, for components.
import { useQuery } from '@tanstack/react-query'
import { createContext, use } from 'react'
import { useParams } from 'react-router'
import type { Role } from '../../contract/member.ts'
import type { Session, SignedIn } from './session.ts'

export const SessionContext = createContext<Session | undefined>(undefined)
export const SignedInContext = createContext<SignedIn | undefined>(undefined)

export function useSession(): Session {
  const session = use(SessionContext)
  if (session === undefined) throw new Error('There is no session around this page.')
  return session
}

/** Loading, then the person or null. */
export function useCurrent() {
  const session = useSession()
  return useQuery({
    queryKey: ['session'],
    queryFn: async () => (await session.current()) ?? null,
    staleTime: Infinity,
  })
}

export function useSignedIn(): SignedIn {
  const signedIn = use(SignedInContext)
  if (signedIn === undefined) throw new Error('This page is shown to people who are signed in only.')
  return signedIn
}

/** The org of the address, and what the person may do in it. Within an org's pages only. */
export function useOrg(): { readonly org: string; readonly role: Role; readonly mayChange: boolean } {
  const { org = '' } = useParams()
  const { memberships } = useSignedIn()
  const role = memberships.find((one) => one.org === org)?.role ?? 'viewer'
  return { org, role, mayChange: role === 'admin' }
}
