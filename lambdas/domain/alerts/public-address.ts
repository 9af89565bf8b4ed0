// Which addresses of the network may be called for somebody else: those of the public internet, and no other, in whatever form
// they are written.
import ipaddr from 'ipaddr.js'

/**
 * Whether an IP address is public. Loopback, link-local (where clouds keep their metadata), private, shared, multicast,
 * reserved ones are not; nor is IPv6 that stands for IPv4 (mapped, NAT64, 6to4, Teredo), which could hide one of those.
 * Of IPv6 only 2000::/3 was ever given to anybody: what lies outside, as `::a.b.c.d` does, is no public address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast))
}

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

export type ReadDestination = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly reason: string }

/** An address that alerts may go to as far as its text says; where its name leads is seen when it is called. */
export function readDestination(text: string, isTestHost: (host: string) => boolean): ReadDestination {
  const url = URL.parse(text)
  if (url === null) return refused('It is no URL.')
  if (url.protocol !== 'https:') return refused('Allowed: https.')
  if (url.username !== '' || url.password !== '') return refused('Allowed: no name or password in the URL.')
  if (isTestHost(url.hostname)) return { ok: true, url }
  if (url.port !== '') return refused('Allowed: port 443.')
  // URL writes every form of an IPv4 address (decimal, octal, hexadecimal, short) as four numbers.
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (ipaddr.isValid(literal)) {
    return isPublicAddress(literal) ? { ok: true, url } : refused('Allowed: public addresses.')
  }
  if (!url.hostname.includes('.') || /\.(localhost|local|internal|home\.arpa)\.?$/i.test(url.hostname)) {
    return refused('Allowed: names of the public internet.')
  }
  return { ok: true, url }
}

function refused(reason: string): ReadDestination {
  return { ok: false, reason }
}
