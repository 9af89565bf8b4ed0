// A table that may be wider than the screen: it scrolls by itself, by keyboard too, and shows by its bar that it does.
import { ScrollArea, Table } from '@mantine/core'
import type { ReactNode } from 'react'

export interface WideProps {
  readonly label: string
  readonly minWidth: number
  readonly children: ReactNode
}

export function Wide({ label, minWidth, children }: WideProps) {
  return (
    <ScrollArea
      type="auto"
      offsetScrollbars="present"
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}
    >
      <Table miw={minWidth} verticalSpacing="xs">
        {children}
      </Table>
    </ScrollArea>
  )
}
