// Looks through parsed JSON before anything recurses into it: how deep, how large, and no member name that could reach an
// object's prototype. Keeps its own list of what is left to visit, so no nesting can overflow the stack.
import { maxJsonDepth, maxJsonNodes } from '../../../contract/limits.ts'
import type { QuarantineReason } from '../../../contract/reporting-event.ts'

const hostileKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Every reason not to read this JSON; none when it is safe to recurse into. */
export function inspectJson(root: unknown, maxNodes = maxJsonNodes): QuarantineReason[] {
  const hostile = new Set<string>()
  let level: readonly unknown[] = [root]
  let nodes = 0
  for (let depth = 0; level.length > 0; depth++) {
    const below: unknown[] = []
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue
      if (depth >= maxJsonDepth) return [...hostileReasons(hostile), tooDeep]
      nodes += Array.isArray(value) ? value.length : Object.keys(value).length
      if (nodes > maxNodes) return [...hostileReasons(hostile), tooMany(maxNodes)]
      if (Array.isArray(value)) for (const element of value) below.push(element)
      else
        for (const [key, member] of Object.entries(value)) {
          if (hostileKeys.has(key)) hostile.add(key)
          below.push(member)
        }
    }
    level = below
  }
  return hostileReasons(hostile)
}

const tooDeep: QuarantineReason = {
  code: 'body.too_deep',
  message: `body: seen more than ${maxJsonDepth} levels; allowed ${maxJsonDepth}`,
}
function tooMany(maxNodes: number): QuarantineReason {
  const message = `body: seen more than ${maxNodes} members and elements; allowed ${maxNodes}`
  return { code: 'body.too_deep', message }
}

function hostileReasons(names: ReadonlySet<string>): QuarantineReason[] {
  return [...names].map((name) => ({
    code: 'body.hostile_key',
    message: `body: seen a member named ${name}; allowed any other name`,
  }))
}
