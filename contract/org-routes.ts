// The routes by which an org is set up: by the console, and by administrators' own programs.
import { bodyProblems, memberProblems, type Route } from './route.ts'
import { settingsAnswerSchema, settingsChangeSchema } from './settings.ts'

export const orgRoutes = [
  {
    method: 'GET',
    path: '/api/orgs/{org}/settings',
    function: 'Manage',
    summary: 'The settings of the org. Secrets are never shown, only that they are set.',
    entry: { kind: 'member', role: 'viewer' },
    throttle: 'console',
    answer: settingsAnswerSchema,
    etag: true,
    problems: memberProblems,
  },
  {
    method: 'PUT',
    path: '/api/orgs/{org}/settings',
    function: 'Manage',
    summary: 'Changes the settings named in the body; the others stay.',
    entry: { kind: 'member', role: 'admin' },
    throttle: 'console',
    request: settingsChangeSchema,
    answer: settingsAnswerSchema,
    etag: true,
    problems: [...memberProblems, 'settings.changed', 'settings.fixed', ...bodyProblems],
  },
] as const satisfies readonly Route[]
