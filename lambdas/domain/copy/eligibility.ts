// Which copies fit a person's attributes.
import type { Variant } from '../../../contract/template.ts'

/** Attribute values by name, both in lower case. */
export type Attrs = ReadonlyMap<string, string>

/** Whether a copy may be drawn for somebody with these attributes: active, and one allowed value of every name asked for. */
export function isEligible(variant: Variant, attrs: Attrs): boolean {
  if (variant.status !== 'active') return false
  return Object.entries(variant.attrs).every(([name, allowed]) => {
    const value = attrs.get(name.toLowerCase())
    return value !== undefined && allowed.some((one) => one.toLowerCase() === value)
  })
}

/** Attributes as they are compared. A null is no value. Of names that differ only in case the last counts. */
export function readAttrs(given: Readonly<Record<string, string | number | boolean | null>>): Attrs {
  const attrs = new Map<string, string>()
  for (const [name, value] of Object.entries(given)) {
    if (value === null) attrs.delete(name.toLowerCase())
    else attrs.set(name.toLowerCase(), String(value).toLowerCase())
  }
  return attrs
}
