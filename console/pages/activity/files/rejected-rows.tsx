// The rejected rows of a file to take along. They are a customer's words, so a spreadsheet must find no formula in them.
import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { download } from '../../../parts/download.ts'
import { Failure } from '../../../parts/failure.tsx'
import { withoutFormulas } from '../../../words/csv.ts'

/** `url` is signed, of the bucket; `name` is the dropped file's own. */
export function RejectedRows({ url, name }: { readonly url: string; readonly name: string }) {
  const isCsv = new URL(url).pathname.endsWith('.csv')
  const take = useMutation({
    mutationFn: async () => {
      const response = await fetch(url)
      if (!response.ok) throw new Error(`The rejected rows could not be read (${response.status}). Reload the page.`)
      return response.text()
    },
    onSuccess: (text) => download(`${name}.rejected.csv`, 'text/csv', withoutFormulas(text)),
  })
  if (!isCsv)
    return (
      <Button component="a" href={url} download>
        Download rejected rows
      </Button>
    )
  return (
    <Stack gap={4} align="flex-start">
      <Button loading={take.isPending} onClick={() => take.mutate()}>
        Download rejected rows
      </Button>
      <Text size="xs" c="dimmed">
        Formulas in them are made plain text. Also{' '}
        <Anchor href={url} download size="xs" underline="always">
          byte by byte as they came
        </Anchor>
        , not for spreadsheets.
      </Text>
      {take.isError && <Failure error={take.error} />}
    </Stack>
  )
}
