// What differs between two states of a setting, member by member, as texts to be shown.

type State = Readonly<Record<string, unknown>> | null

export interface Difference {
  readonly name: string
  /** Undefined: it was not there. */
  readonly before: string | undefined
  readonly after: string | undefined
}

/** What a new thing has none of is not worth a line. */
const empty: ReadonlySet<string> = new Set(['null', '[]', '{}', ''])

export function differencesOf(before: State, after: State): Difference[] {
  const [old, now] = [membersOf(before), membersOf(after)]
  const names = [...new Set([...old.keys(), ...now.keys()])]
  return names.flatMap((name) => {
    const difference = { name, before: old.get(name), after: now.get(name) }
    const isNothing = difference.before === undefined && empty.has(difference.after ?? '')
    return difference.before === difference.after || isNothing ? [] : [difference]
  })
}

/** `Map` because names come from outside. Texts are shown without quotes. */
function membersOf(state: State): Map<string, string> {
  return new Map(
    Object.entries(state ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}
