// A sentence in which what stands between backquotes is code.
import { Code } from '@mantine/core'
import { Fragment } from 'react'

/** Every other piece between backquotes is code. */
export function WithCode({ text }: { readonly text: string }) {
  return text.split('`').map((piece, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name, and a changed text is drawn anew
      <Code key={at}>{piece}</Code>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name, and a changed text is drawn anew
      <Fragment key={at}>{piece}</Fragment>
    ),
  )
}
