// The order in which a template's resources can be made: whatever is referred to comes first.
import { isRecord, type Json, type JsonRecord, listAt, recordAt, textAt, textsAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'

const referencesIn = (value: Json | undefined, found: Set<string>): void => {
  if (Array.isArray(value)) {
    for (const item of value) referencesIn(item, found)
    return
  }
  if (!isRecord(value)) return
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Ref') found.add(textAt(item))
    else if (key === 'Fn::GetAtt')
      found.add(typeof item === 'string' ? (item.split('.')[0] ?? '') : textAt(listAt(item)[0]))
    else if (key === 'Fn::Sub') {
      const text = typeof item === 'string' ? item : textAt(listAt(item)[0])
      for (const match of text.matchAll(/\$\{([^!.}]+)[^}]*\}/g)) found.add(match[1] ?? '')
      referencesIn(listAt(item)[1], found)
    } else referencesIn(item, found)
  }
}

/** Logical ids, each after all that it refers to or DependsOn; throws LocalProblem for a circle. */
export const deploymentOrder = (resources: JsonRecord): string[] => {
  const ordered = new Set<string>()
  const visit = (id: string, trail: readonly string[]): void => {
    if (ordered.has(id)) return
    if (trail.includes(id))
      throw new LocalProblem(
        `The template's resources depend on one another in a circle: ${[...trail, id].join(' -> ')}.`,
      )
    const needs = new Set(textsAt(resources[id], 'DependsOn'))
    referencesIn(recordAt(resources[id], 'Properties'), needs)
    for (const need of needs) if (resources[need] !== undefined) visit(need, [...trail, id])
    ordered.add(id)
  }
  for (const id of Object.keys(resources)) visit(id, [])
  return [...ordered]
}
