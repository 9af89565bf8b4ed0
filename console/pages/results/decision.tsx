// What to do, why, and what was counted: the first thing that the results say.
import { Badge, Group, List, Paper, Stack, Text } from '@mantine/core'
import { isHarm } from '../../../contract/harms.ts'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { decisionLooks } from './decision-looks.ts'
import { headline } from './headline.ts'
import { HowCounted } from './how-counted.tsx'
import { readOut } from './readout.ts'
import { StoppedCopies } from './stopped-copies.tsx'

export function Decision({ results }: { readonly results: ResultsAnswer }) {
  const { decision } = results
  const { colour, word } = decisionLooks[decision.decision]
  return (
    <Paper withBorder p="lg" component="section" aria-label="Decision">
      <Stack gap="sm">
        <Group gap="sm" align="flex-start" wrap="nowrap" justify="space-between">
          <Text size="lg" fw={700} className="words" role="status">
            {headline(results)}
          </Text>
          {!isHarm(results.metric) && (
            <Badge color={colour} variant="dot" tt="none" flex="0 0 auto" visibleFrom="sm">
              {word}
            </Badge>
          )}
        </Group>
        <Text className="words">{readOut(results)}</Text>
        {decision.reasons.length > 0 && (
          <List size="sm" spacing={4}>
            {decision.reasons.map(({ code, copy_id, message }) => (
              <List.Item key={`${code} ${copy_id} ${message}`} className="words">
                {copy_id !== null && <b>{copy_id}: </b>}
                {message}
              </List.Item>
            ))}
          </List>
        )}
        <StoppedCopies results={results} />
        <HowCounted results={results} />
      </Stack>
    </Paper>
  )
}
