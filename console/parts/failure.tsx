// What went wrong, with what the person can do about it.
import { Alert, Button, Code, List, Stack, Text } from '@mantine/core'
import { ApiProblem } from '../api/problem.ts'

export interface FailureProps {
  readonly error: unknown
  readonly retry?: (() => unknown) | undefined
  readonly retryLabel?: string
  readonly title?: string
}

export function Failure({ error, retry, retryLabel = 'Try again', title = 'That did not work' }: FailureProps) {
  const problem = error instanceof ApiProblem ? error : undefined
  const message = error instanceof Error ? error.message : 'Something unexpected happened.'
  return (
    <Alert role="alert" color="red" title={title} variant="light">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" className="words">
          {message}
        </Text>
        {problem !== undefined && problem.details.length > 0 && (
          <List size="sm">
            {problem.details.map(({ path, message: detail }) => (
              <List.Item key={`${path} ${detail}`} className="words">
                {path === '' ? '' : `${path}: `}
                {detail}
              </List.Item>
            ))}
          </List>
        )}
        {problem?.requestId !== undefined && problem.status >= 500 && (
          <Text size="xs">
            Request <Code>{problem.requestId}</Code>
          </Text>
        )}
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={() => retry()}>
            {retryLabel}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
