// The routes of dropped files: putting one there, what became of them, and taking up again those that failed.
import { importAnswerSchema, importListAnswerSchema } from './import.ts'
import { bodyProblems, memberProblems, type Route } from './route.ts'
import { uploadAnswerSchema, uploadRequestSchema } from './upload.ts'

export const importRoutes = [
  {
    method: 'GET',
    path: '/api/orgs/{org}/imports',
    function: 'ServeImports',
    summary: 'Files of custom events that were dropped, the newest first.',
    entry: { kind: 'member', role: 'viewer' },
    throttle: 'console',
    query: [
      { name: 'limit', required: false, description: 'How many, 1 to 100. Default: 20.' },
      { name: 'next', required: false, description: 'As the page before gave it.' },
    ],
    answer: importListAnswerSchema,
    problems: [...memberProblems, 'query.invalid'],
  },
  {
    method: 'GET',
    path: '/api/orgs/{org}/imports/{import}',
    function: 'ServeImports',
    summary: 'One file: how far it is, and what became of its rows.',
    entry: { kind: 'member', role: 'viewer' },
    throttle: 'console',
    answer: importAnswerSchema,
    problems: [...memberProblems, 'import.unknown'],
  },
  {
    method: 'POST',
    path: '/api/orgs/{org}/imports',
    function: 'ServeImports',
    summary: 'Says where a file of custom events may be put, for a quarter of an hour. It is loaded once it is there.',
    entry: { kind: 'member', role: 'admin' },
    throttle: 'console',
    request: uploadRequestSchema,
    answer: uploadAnswerSchema,
    problems: [...memberProblems, ...bodyProblems],
  },
  {
    method: 'POST',
    path: '/api/orgs/{org}/imports/{import}/retry',
    function: 'ServeImports',
    summary: 'Takes up a file again that failed, or whose loading stands still.',
    entry: { kind: 'member', role: 'admin' },
    throttle: 'console',
    answer: importAnswerSchema,
    problems: [...memberProblems, 'import.unknown', 'import.ended', 'import.running'],
  },
] as const satisfies readonly Route[]
