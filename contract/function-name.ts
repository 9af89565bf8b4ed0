// The deployed functions: one for every environment.
import type * as environments from './environments.ts'

export type FunctionName = keyof typeof environments
export type Environment<F extends FunctionName> = Readonly<Record<'STAGE' | (typeof environments)[F][number], string>>
