// How a template is connected to Customer.io: what to paste there, and which campaign and actions to name here.
import { Stack } from '@mantine/core'
import { useParams } from 'react-router'
import { useRead } from '../../api/use-api.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { useOrg } from '../../session/use-session.ts'
import { Connect } from './connect.tsx'
import { ToPaste } from './to-paste.tsx'

export function Integration() {
  const { template = '' } = useParams()
  return <IntegrationOf template={template} />
}

export function IntegrationOf({ template }: { readonly template: string }) {
  const { org } = useOrg()
  const path = { org, template }
  const text = useRead('GET /api/orgs/{org}/templates/{template}/integration', { path })
  const read = useRead('GET /api/orgs/{org}/templates/{template}', { path })
  return (
    <Stack gap="xl">
      <Loaded of={text}>{(data) => <ToPaste text={data} />}</Loaded>
      <Loaded of={read}>{(data, etag) => <Connect template={data} etag={etag} />}</Loaded>
    </Stack>
  )
}
