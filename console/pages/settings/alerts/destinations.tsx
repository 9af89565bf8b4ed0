// The addresses that alerts are posted to: what each is told of, a test, and taking it away.
import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { alertKinds } from '../../../../contract/alert.ts'
import { maxDestinations } from '../../../../contract/limits.ts'
import { useChange } from '../../../api/use-api.ts'
import { AskFirst } from '../../../parts/ask-first.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { Failure } from '../../../parts/failure.tsx'
import { useOrg } from '../../../session/use-session.ts'
import { formatInstant } from '../../../words/format.ts'
import { type Destination, wordsOf } from './alert-words.ts'
import { NewDestination } from './new-destination.tsx'
import { ReplaceSecret } from './replace-secret.tsx'

export function Destinations({ destinations }: { readonly destinations: readonly Destination[] }) {
  const { org, mayChange } = useOrg()
  return (
    <Stack component="section" gap="sm" aria-labelledby="addresses">
      <Title order={2} size="h4" id="addresses">
        Addresses
      </Title>
      {/* Stays when the last place is taken, because it may be showing that one's secret. */}
      {mayChange && <NewDestination isFull={destinations.length >= maxDestinations} />}
      {destinations.length === 0 && (
        <Empty title="No address yet">
          {mayChange
            ? 'Add one of yours, on https and the public internet, to be told what is news.'
            : `An admin of ${org} adds them.`}
        </Empty>
      )}
      {destinations.map((destination) => (
        <DestinationCard key={destination.id} destination={destination} />
      ))}
    </Stack>
  )
}

function DestinationCard({ destination }: { readonly destination: Destination }) {
  const { mayChange } = useOrg()
  const { url, kinds, created, last_four, previous_secret_until } = destination
  return (
    <Card withBorder component="article" aria-label={url}>
      <Stack gap="xs">
        <Text fw={600} className="words" dir="ltr">
          {url}
        </Text>
        <Text size="sm" c="dimmed">
          Since {formatInstant(created)}. Its secret ends in …{last_four}.
          {previous_secret_until !== null &&
            ` The one before signs along until ${formatInstant(previous_secret_until)}.`}
        </Text>
        <Group gap={4}>
          {kinds.length === alertKinds.length ? (
            <Badge variant="default" tt="none">
              everything
            </Badge>
          ) : (
            kinds.map((kind) => (
              <Badge key={kind} variant="default" tt="none">
                {wordsOf(kind)}
              </Badge>
            ))
          )}
        </Group>
        {mayChange && <DestinationActions destination={destination} />}
      </Stack>
    </Card>
  )
}

function DestinationActions({ destination }: { readonly destination: Destination }) {
  const { id, url } = destination
  const { org } = useOrg()
  const test = useChange('POST /api/orgs/{org}/alerts/destinations/{id}/test')
  const remove = useChange('DELETE /api/orgs/{org}/alerts/destinations/{id}')
  return (
    <>
      <Group gap="sm">
        <Button
          size="compact-sm"
          variant="default"
          loading={test.isPending}
          onClick={() => test.mutate({ path: { org, id } })}
          aria-label={`Send a test to ${url}`}
        >
          Send a test
        </Button>
        <ReplaceSecret destination={destination} />
        <AskFirst
          label="Remove"
          about={url}
          question="Remove this address?"
          colour="red"
          change={remove}
          onSure={(done) => remove.mutate({ path: { org, id } }, { onSuccess: done })}
        >
          Nothing is posted to <b>{url}</b> any more, not even what waits. Its secret is gone for good.
        </AskFirst>
        <Text size="sm" c="dimmed" role="status">
          {test.isSuccess && !test.isPending ? 'It is on its way; the deliveries below tell how it went.' : ''}
        </Text>
      </Group>
      {test.isError && <Failure error={test.error} />}
    </>
  )
}
