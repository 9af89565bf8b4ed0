// The routes of exports: which days there are, and where the files of one are to be fetched.
import { exportAnswerSchema, exportListAnswerSchema } from './export.ts'
import { memberProblems, type Route } from './route.ts'

export const exportRoutes = [
  {
    method: 'GET',
    path: '/api/orgs/{org}/exports',
    function: 'ServeExports',
    summary: 'Days that are exported, the latest first.',
    entry: { kind: 'member', role: 'viewer' },
    throttle: 'console',
    query: [
      { name: 'limit', required: false, description: 'How many, 1 to 100. Default: 20.' },
      { name: 'next', required: false, description: 'As the page before gave it.' },
    ],
    answer: exportListAnswerSchema,
    problems: [...memberProblems, 'query.invalid'],
  },
  {
    method: 'GET',
    path: '/api/orgs/{org}/exports/{day}',
    function: 'ServeExports',
    summary: 'The files of one day, each with an address from which it can be fetched for a quarter of an hour.',
    entry: { kind: 'member', role: 'viewer' },
    throttle: 'console',
    answer: exportAnswerSchema,
    problems: [...memberProblems, 'export.unknown'],
  },
] as const satisfies readonly Route[]
