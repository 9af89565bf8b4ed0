// Names that may be called although they lead to no public address: test servers of a stage. There are none unless whoever
// deploys says so.

/** `none`, or `hooks.test=127.0.0.1,other.test=10.0.0.7`: each name with the address that it stands for. */
export function readTestHosts(text: string): ReadonlyMap<string, string> {
  if (text === 'none') return new Map()
  return new Map(text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}
