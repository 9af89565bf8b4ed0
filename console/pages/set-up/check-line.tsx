// One check of the set-up: its light, what was seen, and what to do beside the light that is not green.
import { Flex, Text } from '@mantine/core'
import type { Check } from '../../../contract/check.ts'
import { formatInstant, sayInstants } from '../../words/format.ts'
import { Light } from './light.tsx'

export function CheckLine({ check }: { readonly check: Check }) {
  return (
    <Flex direction={{ base: 'column', sm: 'row' }} align="flex-start" gap={{ base: 4, sm: 'sm' }}>
      <Light state={check.state} />
      <div>
        <Text size="sm" fw={600} className="words">
          {check.title}
        </Text>
        <Text size="sm" className="words">
          {sayInstants(check.seen)}
          {check.since !== null && check.state === 'broken' && ` Since ${formatInstant(check.since)}.`}
        </Text>
        {check.what_to_do !== '' && (
          <Text size="sm" fw={500} className="words">
            → {check.what_to_do}
          </Text>
        )}
      </div>
    </Flex>
  )
}
