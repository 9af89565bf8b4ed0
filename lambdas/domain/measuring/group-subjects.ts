// Which subjects of a batch must be measured together: those that concern a person in common.
import type { PersonKey } from '../../../contract/ids.ts'

/** A partition of `events` that something arrived in; of a person, custom events that name nobody else. */
export interface SubjectRef {
  readonly kind: 'delivery' | 'name' | 'person'
  readonly id: string
  /** What arrived can change how sends and serves are joined, so looking for mere engagement would be in vain. */
  readonly joins: boolean
}

export interface Group {
  readonly subjects: readonly SubjectRef[]
  readonly persons: readonly PersonKey[]
}

/** Groups without a person in common. */
export function groupByPerson(
  concerned: readonly { readonly subject: SubjectRef; readonly persons: readonly PersonKey[] }[],
): Group[] {
  const groupOf = new Map<PersonKey, { subjects: SubjectRef[]; persons: Set<PersonKey> }>()
  for (const { subject, persons } of concerned) {
    const met = new Set(persons.flatMap((person) => groupOf.get(person) ?? []))
    const group = { subjects: [subject], persons: new Set(persons) }
    for (const other of met) {
      group.subjects.push(...other.subjects)
      for (const person of other.persons) group.persons.add(person)
    }
    for (const person of group.persons) groupOf.set(person, group)
  }
  return [...new Set(groupOf.values())].map(({ subjects, persons }) => ({ subjects, persons: [...persons].toSorted() }))
}
