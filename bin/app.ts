// The CDK app: reads the stage (`-c stage=dev|staging|prod`, dev when none is given) and makes its stack.
import { App } from 'aws-cdk-lib'
import { readStage } from '../lib/config.ts'
import { JustAiStack } from '../lib/stack.ts'

const app = new App()
try {
  const stage = readStage(app.node.tryGetContext('stage') ?? 'dev')
  new JustAiStack(app, `justai-${stage.name}`, { stage })
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
