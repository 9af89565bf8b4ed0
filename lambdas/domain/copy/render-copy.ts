// Puts a person's fields into a copy. Whatever is wrong with a text, the others still go out: it is left empty and named in
// `unrendered`. LiquidJS is loaded only when a text asks for it.
import type { Liquid, Template } from 'liquidjs'
import { maxRenderedBytes, maxRenderMs } from '../../../contract/limits.ts'
import type { Variant } from '../../../contract/template.ts'

export interface RenderedCopy {
  readonly vars: Readonly<Record<string, string>>
  /** Bytes of `{ id, vars }` as JSON. */
  readonly copyBytes: number
  readonly unrendered: readonly Unrendered[]
}

/** `syntax`: not Liquid, or a tag that is not allowed. `limit`: took too long, too much memory, or failed while it ran. */
export interface Unrendered {
  readonly variable: string
  readonly reason: 'syntax' | 'limit' | 'size'
}

export type RenderCopy = (
  copy: Pick<Variant, 'copyId' | 'vars'>,
  fields: Readonly<Record<string, unknown>>,
) => Promise<RenderedCopy>

const maxParsedTexts = 500
/** Characters and elements that the filters of one text may make, together. */
const maxLiquidMemory = 4 * maxRenderedBytes
/** The first copy after LiquidJS was loaded may take this many times as long: its code is not compiled yet. */
const coldAllowance = 4
/** They would read other templates, of which there are none. */
const refusedTags = ['include', 'render', 'layout', 'block']

/** Makes a renderer that remembers what it parsed. `nowMs` measures spans and need not be the time of day. */
export function makeRenderer(nowMs: () => number): RenderCopy {
  const parsed = new Map<string, Template[]>()
  let liquid: Liquid | undefined

  const parse = (engine: Liquid, text: string): Template[] => {
    const known = parsed.get(text)
    if (known) return known
    const template = engine.parse(text)
    const [oldest] = parsed.keys()
    if (parsed.size >= maxParsedTexts && oldest !== undefined) parsed.delete(oldest)
    parsed.set(text, template)
    return template
  }

  return async (copy, fields) => {
    const texts = Object.entries(copy.vars).sort(([a], [b]) => (a < b ? -1 : 1))
    const cold = liquid === undefined
    if (cold && texts.some(([, text]) => hasLiquid(text))) liquid = await loadLiquid()
    const engine = liquid
    const unrendered: Unrendered[] = []
    let leftMs = cold ? coldAllowance * maxRenderMs : maxRenderMs
    const render = (variable: string, text: string): string => {
      if (engine === undefined || !hasLiquid(text)) return text
      let reason: Unrendered['reason'] = 'syntax'
      try {
        const template = parse(engine, text)
        reason = 'limit'
        const sinceMs = nowMs()
        const limits = { renderLimit: leftMs, memoryLimit: maxLiquidMemory }
        try {
          // A copy of the fields: `increment` writes into what it is given.
          return leftMs > 0 ? String(engine.renderSync(template, { ...fields }, limits)) : refuse(variable, reason)
        } finally {
          leftMs -= nowMs() - sinceMs
        }
      } catch {
        return refuse(variable, reason)
      }
    }
    const refuse = (variable: string, reason: Unrendered['reason']): string => {
      unrendered.push({ variable, reason })
      return ''
    }
    let copyBytes = jsonBytes({ id: copy.copyId, vars: {} })
    const vars = texts.map(([variable, text], at) => {
      const rendered = render(variable, text)
      const nameBytes = jsonBytes(variable) + (at === 0 ? 1 : 2)
      const fits = rendered.length <= maxRenderedBytes
      const bytes = fits ? jsonBytes(rendered) : Number.POSITIVE_INFINITY
      const within = copyBytes + nameBytes + bytes <= maxRenderedBytes
      copyBytes += nameBytes + (within ? bytes : 2)
      return [variable, within ? rendered : refuse(variable, 'size')] as const
    })
    return { vars: Object.fromEntries(vars), copyBytes, unrendered }
  }
}

function hasLiquid(text: string): boolean {
  return text.includes('{{') || text.includes('{%')
}

async function loadLiquid(): Promise<Liquid> {
  const { Liquid } = await import('liquidjs')
  const engine = new Liquid({ ownPropertyOnly: true, templates: {}, parseLimit: maxRenderedBytes, timezoneOffset: 0 })
  for (const tag of refusedTags) delete engine.tags[tag]
  return engine
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
