// Why a request met no route: the path is unknown, or it is known with other methods.
import type { Route } from '../../../contract/route.ts'

/** The methods that a path has; none when it is no route's. */
export function methodsOf(routes: readonly Route[], path: string): string[] {
  return routes.filter((route) => pattern(route.path).test(path)).map(({ method }) => method)
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}
