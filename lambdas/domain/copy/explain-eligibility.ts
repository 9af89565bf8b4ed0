// Why a copy may or may not be drawn for somebody: the sentences of the preview.
import type { Variant } from '../../../contract/template.ts'
import type { Attrs } from './eligibility.ts'

/** One sentence per condition that does not hold; none for a copy that fits. */
export function explainEligibility(variant: Variant, attrs: Attrs): string[] {
  const reasons = variant.status === 'active' ? [] : ['The copy is archived.']
  for (const [name, allowed] of Object.entries(variant.attrs)) {
    const value = attrs.get(name.toLowerCase())
    const values = allowed.map((one) => `"${one.toLowerCase()}"`).join(', ')
    if (value === undefined) reasons.push(`The attribute "${name}" is not given; allowed: ${values}.`)
    else if (!allowed.some((one) => one.toLowerCase() === value)) {
      reasons.push(`The attribute "${name}" is "${value}"; allowed: ${values}.`)
    }
  }
  return reasons
}
