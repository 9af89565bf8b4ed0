// Runs first in every function's process: `<anything>.localhost` leads to this machine, as browsers have it, so that a
// bucket's own host name reaches the gate; and the clock is off by as much as chaos asks for.
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

const LOCAL = /(^|\.)localhost$/i
const lookup = dns.lookup
const lookupPromise = dns.promises.lookup

type Callback = (error: NodeJS.ErrnoException | null, address: string | dns.LookupAddress[], family?: number) => void

const localLookup = (
  hostname: string,
  options: dns.LookupOptions | number | Callback | undefined,
  callback?: Callback,
): void => {
  const done = typeof options === 'function' ? options : callback
  if (!LOCAL.test(hostname) || done === undefined) {
    Reflect.apply(lookup, dns, callback === undefined ? [hostname, options] : [hostname, options, callback])
    return
  }
  const all = typeof options === 'object' && options.all === true
  process.nextTick(() => (all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)))
}
const localLookupPromise = async (hostname: string, options?: dns.LookupOptions | number): Promise<unknown> => {
  if (!LOCAL.test(hostname))
    return Reflect.apply(lookupPromise, dns.promises, options === undefined ? [hostname] : [hostname, options])
  const found = { address: '127.0.0.1', family: 4 }
  return typeof options === 'object' && options.all === true ? [found] : found
}

Object.assign(dns, { lookup: Object.assign(localLookup, { __promisify__: localLookupPromise }) })
Object.assign(dns.promises, { lookup: localLookupPromise })
syncBuiltinESMExports()

const skewMs = Number(process.env.LOCAL_CLOCK_SKEW_MS ?? 0)
if (skewMs !== 0) {
  const now = Date.now.bind(Date)
  Date.now = () => now() + skewMs
  globalThis.Date = new Proxy(Date, {
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [Date.now()] : given, made),
  })
}
