// Calls of the API, typed by the contract's routes: what a route takes, what it gives, and the answer read by its schema.
import type * as z from 'zod/mini'
import type { Route } from '../../contract/route.ts'
import { type RouteKey, routes } from '../../contract/routes.ts'
import type { Session } from '../session/session.ts'
import { ApiProblem, readProblem, unreachable } from './problem.ts'

type RouteOf<K extends RouteKey> = K extends `${infer M} ${infer P}`
  ? Extract<(typeof routes)[number], { method: M; path: P }>
  : never
export type AnswerOf<K extends RouteKey> =
  RouteOf<K> extends { answer: infer S extends z.ZodMiniType } ? z.output<S> : undefined
export type RequestOf<K extends RouteKey> =
  RouteOf<K> extends { request: infer S extends z.ZodMiniType } ? z.input<S> : undefined
type NamesIn<P> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never
export type PathOf<K extends RouteKey> = Record<NamesIn<K>, string>

export interface Asked<K extends RouteKey> {
  readonly path: PathOf<K>
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: RequestOf<K>
  /** Refuse the change when the thing is no longer as it was read. */
  readonly ifMatch?: string | undefined
  readonly signal?: AbortSignal
}

export interface Answered<A> {
  readonly data: A
  /** Names the state that was read, where the route has one. */
  readonly etag: string | undefined
}

interface AnyAsked {
  readonly path: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  readonly ifMatch?: string | undefined
  readonly signal?: AbortSignal
}

export interface Client {
  /** @throws ApiProblem */
  call<K extends RouteKey>(key: K, asked: Asked<K>): Promise<Answered<AnswerOf<K>>>
}

const byKey = new Map<string, Route>(routes.map((route) => [`${route.method} ${route.path}`, route]))

/** `onSignedOut` is told when the API no longer takes the person's token and it cannot be renewed. */
export function makeClient(session: Session, onSignedOut: () => void): Client {
  const send = async (url: string, init: RequestInit, renew?: 'renew'): Promise<Response> => {
    const token = await session.token(renew)
    const headers = { ...init.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) }
    return fetch(url, { ...init, headers }).catch((error: unknown) => {
      throw error instanceof DOMException && error.name === 'AbortError' ? error : unreachable()
    })
  }
  async function call<K extends RouteKey>(key: K, asked: Asked<K>): Promise<Answered<AnswerOf<K>>>
  async function call(key: RouteKey, asked: AnyAsked): Promise<Answered<unknown>> {
    const route = byKey.get(key)
    if (route === undefined) throw new Error(`There is no route ${key}`)
    const url = urlOf(route.path, asked)
    const init = initOf(route.method, asked)
    let response = await send(url, init)
    // A token can be refused before its time, after a restart of the provider or a change of groups.
    if (response.status === 401) response = await send(url, init, 'renew')
    if (response.status === 401 && (await session.token()) === undefined) onSignedOut()
    if (!response.ok) throw await readProblem(response)
    return { data: await readAnswer(route, response), etag: response.headers.get('etag') ?? undefined }
  }
  return { call }
}

async function readAnswer({ answer }: Route, response: Response): Promise<unknown> {
  if (answer === undefined) return undefined
  const read = answer.safeParse(await response.json().catch(() => undefined))
  if (read.success) return read.data
  const message = 'The service answered something that this page does not understand. Reload to get its newest version.'
  throw new ApiProblem(response.status, 'answer.unexpected', message, [])
}

function urlOf(path: string, { path: values, query = {} }: AnyAsked): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(values[name] ?? ''))
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value]],
  )
  return given.length === 0 ? filled : `${filled}?${new URLSearchParams(given)}`
}

function initOf(method: string, { body, ifMatch, signal }: AnyAsked): RequestInit {
  return {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  }
}
