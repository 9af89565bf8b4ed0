// What differs between what is typed and what is stored, and lists of rows while they are typed.

/** Members of `typed` that are not as in `saved`: only those go to the API, so that two people may change different things. */
export function changesOf<T extends object>(typed: T, saved: T): Partial<T>
export function changesOf(typed: object, saved: object): object {
  const before = new Map<string, unknown>(Object.entries(saved))
  const isNew = ([name, value]: [string, unknown]) => JSON.stringify(before.get(name)) !== JSON.stringify(value)
  return Object.fromEntries(Object.entries(typed).filter(isNew))
}

/** `rows` with the one at `at` changed in these members; undefined takes it away. */
export function withRow<T extends object>(rows: readonly T[], at: number, changes: Partial<T> | undefined): T[] {
  return rows.flatMap((row, index) => {
    if (index !== at) return [row]
    return changes === undefined ? [] : [{ ...row, ...changes }]
  })
}
