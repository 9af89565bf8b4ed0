// Goes on to the older entries of a list and back to the newest. Which page is shown is in the address.
import { Button, Group } from '@mantine/core'
import { useSearchParams } from 'react-router'

/** What the API is asked for: where the page of the address begins, undefined for the first. */
export function usePage(): string | undefined {
  return useSearchParams()[0].get('next') ?? undefined
}

/** `next` is where the list goes on; null at its end. */
export function Pager({ next }: { readonly next: string | null }) {
  const [search, setSearch] = useSearchParams()
  if (next === null && !search.has('next')) return null
  return (
    <Group>
      {search.has('next') && (
        <Button variant="default" onClick={() => setSearch({})}>
          Newest
        </Button>
      )}
      {next !== null && (
        <Button variant="default" onClick={() => setSearch({ next })}>
          Older
        </Button>
      )}
    </Group>
  )
}
