// Variables in the order in which a message is read. Stored copy has no order of its own.

const readFirst = ['subject', 'title', 'headline', 'preheader', 'preview', 'preview_text', 'greeting', 'body', 'text']

/** What a reader meets first, then by alphabet. */
export function inReadingOrder(names: readonly string[]): string[] {
  const place = (name: string) => {
    const at = readFirst.indexOf(name.toLowerCase())
    return at === -1 ? readFirst.length : at
  }
  return names.toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}
