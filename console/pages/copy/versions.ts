// Versions of one copy: another text of `welcome` is `welcome-2`, then `welcome-3`, as the API names them.

interface Named {
  readonly stem: string
  readonly number: number
}

function readId(id: string): Named {
  const [, stem = id, number = '1'] = /^(.*?)(?:-([0-9]+))?$/.exec(id) ?? []
  return { stem, number: Number(number) }
}

/** The version before this one, of those that there are; undefined for the first. */
export function versionBefore(id: string, ids: readonly string[]): string | undefined {
  const { stem, number } = readId(id)
  const earlier = ids.filter((each) => each !== id && readId(each).stem === stem && readId(each).number < number)
  return earlier.toSorted((a, b) => readId(b).number - readId(a).number)[0]
}

/** Two copies worth comparing: a version and the one before it, or the first two. */
export function newestVersions(ids: readonly string[]): readonly string[] {
  for (const id of ids.toReversed()) {
    const before = versionBefore(id, ids)
    if (before !== undefined) return [before, id]
  }
  return ids.slice(0, 2)
}
