// Whether this machine can run DynamoDB Local, asked before anything is started.
import { spawnSync } from 'node:child_process'
import { LocalProblem } from '../problem.ts'

const NEEDED_VERSION = 17

/** Throws LocalProblem when Java is missing or too old. */
export const checkJava = (): void => {
  const result = spawnSync('java', ['-version'], { encoding: 'utf8' })
  const advice = `install Java ${NEEDED_VERSION} or newer (for example Eclipse Temurin) and start again.`
  if (result.error !== undefined)
    throw new LocalProblem(
      `DynamoDB Local needs Java ${NEEDED_VERSION} or newer, and no \`java\` was found on the PATH: ${advice}`,
    )
  const version = /version "(?:1\.)?(\d+)/.exec(`${result.stderr}${result.stdout}`)?.[1]
  if (version === undefined)
    throw new LocalProblem(
      `DynamoDB Local needs Java ${NEEDED_VERSION} or newer, and \`java -version\` did not tell its version: ${advice}`,
    )
  if (Number(version) < NEEDED_VERSION)
    throw new LocalProblem(
      `DynamoDB Local needs Java ${NEEDED_VERSION} or newer, and the \`java\` on the PATH is version ${version}: ${advice}`,
    )
}
