// List prices (us-east-1, on demand, dollars) and what is taken for granted where this machine cannot tell.
import { stages } from '../../lib/config.ts'

const million = 1_000_000

export const prices = {
  /** DynamoDB, each unit. */
  writeUnit: 0.625 / million,
  readUnit: 0.125 / million,
  /** API Gateway's HTTP API, a request of up to 512 KB. */
  httpRequest: 1 / million,
  /** Lambda on arm64. */
  lambdaRequest: 0.2 / million,
  lambdaGbSecond: 0.000_013_333_4,
} as const

/**
 * Milliseconds that Lambda bills for one warm invocation. Assumed, not measured on AWS: a conditional put takes DynamoDB about
 * 4 ms, and the CPU that `npm run bench` counts takes about twice as long on the 58 % of a core that 1,024 MB have. A batch
 * makes some 60 rounds of calls of 5 ms, eight groups of persons at once, and computes for the rest.
 */
export const billedMs = { receive: 8, generate: 8, measureBatch: 600 } as const

export const batchSize = 100

/** One invocation, with its request. */
export function lambdaDollars(name: keyof typeof stages.prod.memoryMb, ms: number): number {
  const gbSeconds = (stages.prod.memoryMb[name] / 1_024) * (ms / 1_000)
  return prices.lambdaRequest + gbSeconds * prices.lambdaGbSecond
}

export function unitDollars({ writes, reads }: { readonly writes: number; readonly reads: number }): number {
  return writes * prices.writeUnit + reads * prices.readUnit
}
