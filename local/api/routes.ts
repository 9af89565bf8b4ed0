// Matches a request to a route as API Gateway's HTTP APIs do: the most specific path wins, then an exact method.

export type Route = {
  /** As the template writes it: `POST /orgs/{org}/things` or `$default`. */
  readonly key: string
  readonly functionName: string
  readonly timeoutMs: number
}
export type RouteMatch = { readonly route: Route; readonly pathParameters: Readonly<Record<string, string>> }

type Pattern = { readonly route: Route; readonly method: string; readonly segments: readonly string[] }

const segmentsOf = (path: string): string[] => path.split('/').slice(1)
const isGreedy = (segment: string): boolean => /^\{.+\+\}$/.test(segment)
const isParameter = (segment: string): boolean => segment.startsWith('{')
const parameterName = (segment: string): string => segment.replace(/^\{|\+?\}$/g, '')
/** Static beats parameter beats greedy, segment by segment from the left. */
const rank = (segment: string | undefined): number =>
  segment === undefined ? 0 : isGreedy(segment) ? 1 : isParameter(segment) ? 2 : 3

const bySpecificity = (a: Pattern, b: Pattern): number => {
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index += 1) {
    const difference = rank(b.segments[index]) - rank(a.segments[index])
    if (difference !== 0) return difference
  }
  return (a.method === 'ANY' ? 1 : 0) - (b.method === 'ANY' ? 1 : 0)
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const parametersOf = (pattern: Pattern, actual: readonly string[]): Record<string, string> | undefined => {
  const parameters: Record<string, string> = {}
  for (const [index, segment] of pattern.segments.entries()) {
    const value = actual[index]
    if (isGreedy(segment)) {
      const rest = actual.slice(index)
      if (rest.length === 0 || rest.join('/') === '') return undefined
      parameters[parameterName(segment)] = rest.map(decoded).join('/')
      return parameters
    }
    if (value === undefined) return undefined
    if (isParameter(segment)) {
      if (value === '') return undefined
      parameters[parameterName(segment)] = decoded(value)
    } else if (segment !== value && segment !== decoded(value)) return undefined
  }
  return actual.length === pattern.segments.length ? parameters : undefined
}

/** Makes the matcher of an API's routes; undefined is API Gateway's 404. */
export const makeMatcher = (routes: readonly Route[]): ((method: string, path: string) => RouteMatch | undefined) => {
  const fallback = routes.find(({ key }) => key === '$default')
  const patterns = routes
    .filter((route) => route !== fallback)
    .map((route) => {
      const [method = 'ANY', path = '/'] = route.key.split(' ')
      return { route, method, segments: segmentsOf(path) }
    })
    .sort(bySpecificity)
  return (method, path) => {
    const actual = segmentsOf(path)
    for (const pattern of patterns) {
      if (pattern.method !== 'ANY' && pattern.method !== method) continue
      const pathParameters = parametersOf(pattern, actual)
      if (pathParameters !== undefined) return { route: pattern.route, pathParameters }
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: {} }
  }
}
