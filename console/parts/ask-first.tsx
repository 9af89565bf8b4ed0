// A button for what cannot be taken back at once: asks, does it, and tells when it did not work.
import { Button, Modal, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Failure } from './failure.tsx'

export interface AskFirstProps {
  readonly label: string
  /** What the button is about, for those who do not see what is around it. */
  readonly about?: string
  readonly question: string
  /** What will happen. */
  readonly children: ReactNode
  readonly change: { readonly isPending: boolean; readonly error: unknown }
  /** Makes the change, and calls back when it is made. */
  readonly onSure: (done: () => void) => void
  readonly size?: 'sm' | 'compact-sm'
  readonly colour?: string
}

export function AskFirst(props: AskFirstProps) {
  const { label, about, question, children, change, onSure, size = 'compact-sm', colour } = props
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button size={size} variant="default" onClick={() => setAsking(true)} aria-label={about && `${label} ${about}`}>
        {label}
      </Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={question}>
        <Stack>
          <div className="words">{children}</div>
          {change.error !== null && <Failure error={change.error} />}
          <Button
            loading={change.isPending}
            onClick={() => onSure(() => setAsking(false))}
            {...(colour !== undefined && { color: colour })}
          >
            {label.split(' ')[0]}
          </Button>
        </Stack>
      </Modal>
    </>
  )
}
