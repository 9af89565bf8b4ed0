// What state a template is in, in a word and a colour.
import { Badge } from '@mantine/core'
import type { TemplateAnswer } from '../../../contract/template-answers.ts'

type Status = TemplateAnswer['status']

const colours: Readonly<Record<Status, string>> = { draft: 'gray', active: 'green', shipped: 'blue', archived: 'gray' }
export const statusNotes: Readonly<Record<Status, string>> = {
  draft: 'serves no copy yet',
  active: 'copy is being tested',
  shipped: 'the winner is served',
  archived: 'serves no copy any more',
}

export function TemplateStatus({ status }: { readonly status: Status }) {
  return (
    <Badge color={colours[status]} variant="dot" tt="none" miw="max-content" title={statusNotes[status]}>
      {status}
    </Badge>
  )
}
