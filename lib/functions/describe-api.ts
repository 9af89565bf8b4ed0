// Serves the API document; may read nothing.
import type { Construct } from 'constructs'
import type { Stage } from '../config.ts'
import { LambdaFunction } from '../lambda-function.ts'
import { callerTimeoutSeconds } from '../timeouts.ts'

interface DescribeApiProps {
  readonly stage: Stage
}

export class DescribeApi extends LambdaFunction<'DescribeApi'> {
  constructor(scope: Construct, { stage }: DescribeApiProps) {
    super(scope, 'DescribeApi', {
      stage,
      timeoutSeconds: callerTimeoutSeconds,
      description: 'Serves the API document, and the errors of requests that no route takes',
      environment: {},
    })
  }
}
