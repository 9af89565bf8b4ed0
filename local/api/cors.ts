// The API's own CORS: preflights are answered by API Gateway, and the function's answers get its headers.
import { findText, type JsonRecord, textsAt } from '../json.ts'
import type { HttpAnswer } from './answer.ts'

export type Cors = {
  readonly headersFor: (origin: string | undefined) => Record<string, string>
  readonly preflight: (origin: string | undefined) => HttpAnswer
}

/** Reads an Api's CorsConfiguration. */
export const makeCors = (configuration: JsonRecord): Cors => {
  const list = (name: string): string => textsAt(configuration, name).join(',')
  const origins = textsAt(configuration, 'AllowOrigins')
  const isAllowed = (origin: string): boolean =>
    origins.some(
      (each) =>
        each === '*' ||
        each === origin ||
        ((each === 'https://*' || each === 'http://*') && origin.startsWith(each.slice(0, -1))),
    )
  const optional = (name: string, value: string | undefined): Record<string, string> =>
    value === undefined || value === '' ? {} : { [name]: value }
  const headersFor = (origin: string | undefined): Record<string, string> =>
    origin === undefined || !isAllowed(origin)
      ? {}
      : {
          'access-control-allow-origin': origins.includes('*') ? '*' : origin,
          ...optional('access-control-expose-headers', list('ExposeHeaders')),
          ...optional(
            'access-control-allow-credentials',
            findText(configuration, 'AllowCredentials') === 'true' ? 'true' : undefined,
          ),
        }
  return {
    headersFor,
    preflight: (origin) => {
      const allowed = headersFor(origin)
      const rest =
        Object.keys(allowed).length === 0
          ? {}
          : {
              ...optional('access-control-allow-methods', list('AllowMethods')),
              ...optional('access-control-allow-headers', list('AllowHeaders')),
              ...optional('access-control-max-age', findText(configuration, 'MaxAge')),
            }
      return { status: 204, headers: { ...allowed, ...rest }, body: Buffer.alloc(0) }
    },
  }
}
