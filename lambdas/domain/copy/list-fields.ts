// Which fields the text of a copy asks for. LiquidJS is loaded only when a text holds Liquid.

/** Names of the fields, each once, sorted. Text that is not Liquid asks for none. */
export async function listFields(vars: Readonly<Record<string, string>>): Promise<string[]> {
  const texts = Object.values(vars).filter((text) => text.includes('{{') || text.includes('{%'))
  if (texts.length === 0) return []
  const { Liquid } = await import('liquidjs')
  const engine = new Liquid({ templates: {} })
  const names = texts.flatMap((text) => {
    try {
      return engine.globalVariablesSync(text, { partials: false })
    } catch {
      return []
    }
  })
  return [...new Set(names)].sort()
}
