// What the org's own systems are told of: where it goes, when silence is news, what stands now, and how deliveries went.
import { Alert, List, Stack, Text, Title } from '@mantine/core'
import { useRead } from '../../../api/use-api.ts'
import { Loaded } from '../../../parts/loaded.tsx'
import { useOrg } from '../../../session/use-session.ts'
import { formatInstant } from '../../../words/format.ts'
import { wordsOf } from './alert-words.ts'
import { Deliveries } from './deliveries.tsx'
import { Destinations } from './destinations.tsx'
import { SilenceForm } from './silence-form.tsx'

export function Alerts() {
  const { org } = useOrg()
  const alerts = useRead('GET /api/orgs/{org}/alerts', { path: { org } })
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw="70ch">
        Your own systems are told what is news: posted to your address, signed, once while its cause stands. The state
        is looked at every half hour.
      </Text>
      <Loaded of={alerts}>
        {({ settings, destinations, firing }) => (
          <Stack gap="xl">
            {firing.length > 0 && (
              <Alert color="yellow" title="What was told of and still stands">
                <List size="sm" spacing={4}>
                  {firing.map(({ id, kind, message, since }) => (
                    <List.Item key={id} className="words">
                      {wordsOf(kind)}: {message} Since {formatInstant(since)}.
                    </List.Item>
                  ))}
                </List>
              </Alert>
            )}
            <Destinations destinations={destinations} />
            <SilenceForm settings={settings} />
            <Stack component="section" gap="sm" aria-labelledby="deliveries">
              <Title order={2} size="h4" id="deliveries">
                Deliveries
              </Title>
              <Deliveries destinations={destinations} />
            </Stack>
          </Stack>
        )}
      </Loaded>
    </Stack>
  )
}
