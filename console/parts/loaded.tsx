// The states of something that is read: being read, not readable, there. What was read before stays while it is read again.
import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Answered } from '../api/client.ts'
import { Failure } from './failure.tsx'

export interface LoadedProps<A> {
  readonly of: UseQueryResult<Answered<A>>
  readonly children: (data: A, etag: string | undefined) => ReactNode
  readonly lines?: number
}

export function Loaded<A>({ of, children, lines = 4 }: LoadedProps<A>) {
  if (of.data !== undefined) {
    return (
      <Stack gap="md">
        {of.isError && <Failure error={of.error} retry={of.refetch} title="This may be out of date" />}
        {children(of.data.data, of.data.etag)}
      </Stack>
    )
  }
  if (of.isError) return <Failure error={of.error} retry={of.refetch} title="This could not be read" />
  return (
    <Stack gap="sm" aria-busy="true">
      <VisuallyHidden>Loading</VisuallyHidden>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same and never move
        <Skeleton key={line} height={22} width={`${90 - line * 12}%`} />
      ))}
    </Stack>
  )
}
