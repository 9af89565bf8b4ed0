// A copy of the synthesized stack in which each function can be told to fail in ways that its own code never does: to die, to
// dawdle, to fill its memory, to live later. Told by an event with `rehearse`; every other event meets the function's own code.
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a function can be told. `next` is the event that its own code gets afterwards. */
export type Rehearsal =
  | { readonly rehearse: 'die' }
  | { readonly rehearse: 'dawdle'; readonly ms: number }
  | { readonly rehearse: 'hoard'; readonly bytes: number; readonly next: object }
  | { readonly rehearse: 'later'; readonly ms: number; readonly next: object }

const wrapper = `
const now = Date.now
let aheadMs = 0
Date.now = () => now() + aheadMs
const { handler: own } = await import('./own.mjs')
let hoard
export const handler = async (event, context) => {
  switch (event?.rehearse) {
    case 'die': throw new Error('rehearsed')
    case 'dawdle': return new Promise((resolve) => setTimeout(resolve, event.ms))
    case 'hoard':
      hoard = Buffer.alloc(event.bytes, 1)
      try { return await own(event.next, context) } finally { hoard = undefined; globalThis.gc?.() }
    case 'later':
      aheadMs = event.ms
      return own(event.next, context)
    default: return own(event, context)
  }
}
`

/** @returns the folder of the copy, for the caller to remove */
export function rehearsedAssembly(assembly: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsed-'))
  cpSync(assembly, folder, { recursive: true })
  for (const entry of readdirSync(folder).filter((name) => name.startsWith('asset.'))) {
    const index = join(folder, entry, 'index.mjs')
    if (!existsSync(index)) continue
    renameSync(index, join(folder, entry, 'own.mjs'))
    writeFileSync(index, wrapper)
  }
  return folder
}
