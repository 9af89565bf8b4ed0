// The API for components: reading with a cache that knows what is old, and changing with what must be read again after.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, use } from 'react'
import type { RouteKey } from '../../contract/routes.ts'
import type { Answered, AnswerOf, Asked, Client } from './client.ts'
import { isOvertaken } from './problem.ts'

export const ClientContext = createContext<Client | undefined>(undefined)

export function useClient(): Client {
  const client = use(ClientContext)
  if (client === undefined) throw new Error('The API is asked outside of a session.')
  return client
}

type ReadKey = Extract<RouteKey, `GET ${string}`>

/** What a read is kept under: the route and what was asked; an org's reads share its prefix. */
export function readOptions<K extends ReadKey>(client: Client, key: K, asked: Asked<K>) {
  return queryOptions<Answered<AnswerOf<K>>>({
    queryKey: [Reflect.get(asked.path, 'org') ?? '', key, asked.path, asked.query ?? {}],
    queryFn: ({ signal }) => client.call(key, { ...asked, signal }),
  })
}

export interface ReadSettings {
  readonly refetchMs?: number | undefined
  readonly enabled?: boolean
  /** How long what was read counts as new; the usual time when it is absent. */
  readonly staleMs?: number
  /** Show what was read before while something else of the same kind is being read. */
  readonly keepPrevious?: boolean
}

export function useRead<K extends ReadKey>(key: K, asked: Asked<K>, settings: ReadSettings = {}) {
  const { refetchMs, staleMs, enabled = true, keepPrevious = false } = settings
  return useQuery({
    ...readOptions(useClient(), key, asked),
    enabled,
    ...(staleMs !== undefined && { staleTime: staleMs }),
    refetchInterval: refetchMs ?? false,
    placeholderData: keepPrevious ? (previous) => previous : undefined,
  })
}

/** A change. When it is made, everything that was read of the org is read again where it is still shown. */
export function useChange<K extends Exclude<RouteKey, ReadKey>>(key: K) {
  const client = useClient()
  const queries = useQueryClient()
  const readAgain = (asked: Asked<K>) => queries.invalidateQueries({ queryKey: [Reflect.get(asked.path, 'org') ?? ''] })
  return useMutation({
    mutationFn: (asked: Asked<K>) => client.call(key, asked),
    onSuccess: (_answer, asked) => readAgain(asked),
    // What somebody else saved meanwhile is shown around what was typed.
    onError: (error, asked) => (isOvertaken(error) ? readAgain(asked) : undefined),
  })
}
