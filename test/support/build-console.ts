// Builds the console before the first test that synthesizes: once, and not within a test's time.
import { consoleFiles } from '../../lib/console-files.ts'

/** Called by vitest before the first test file. */
export function setup(): void {
  consoleFiles()
}
