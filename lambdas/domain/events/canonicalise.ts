// One text for all JSON of the same content: members sorted by name, no white space. Recurses, so the value must have
// passed `inspectJson`.

/** The canonical JSON text of a parsed JSON value. */
export function canonicalise(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalise).join(',')}]`
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalise(member)}`).join(',')}}`
}
