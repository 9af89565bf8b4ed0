// Every error of the service, for the API document and for the function that serves the console.
import { consoleProblems } from './console-problems.ts'
import { commonProblems, type Problem, type ProblemCode } from './problems.ts'

export const problems: Readonly<Record<ProblemCode, Problem>> = { ...commonProblems, ...consoleProblems }
