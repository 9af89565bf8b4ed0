// Why rows of a file were rejected, in words. The rejected rows themselves say of each what was seen and what is allowed.

const words: Readonly<Record<string, string>> = {
  'row.not_object': 'It is no row with named values.',
  'row.other_org': 'It names another organisation.',
  'row.too_large': 'It is too large.',
  'row.too_long': 'It is too long.',
  'row.quotes': 'Its quotes do not close.',
  'event.missing': 'Something that an event needs is missing: its name, or whom it is about.',
  'event.invalid': 'Something in it cannot be read, such as its time.',
  'value.invalid': 'Its value is no number.',
  'value.precision': 'Its value has more decimals than its currency.',
  'currency.invalid': 'Its currency is not three letters.',
}

/** The sentence for a code; the code itself where there is none yet. */
export function reasonWords(code: string): string {
  return words[code] ?? code
}
