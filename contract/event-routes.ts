// The routes by which people look at what happened, set right what was set aside, and have a person forgotten.
import { erasedAnswerSchema, eventsAnswerSchema, quarantineAnswerSchema, replayAnswerSchema } from './event-answers.ts'
import { memberProblems, nextPage, type Route } from './route.ts'

export const eventRoutes = [
  {
    method: 'GET',
    path: '/api/orgs/{org}/events',
    function: 'Manage',
    summary:
      'The story of one delivery or person, or what happened lately, newest first, with the rule that joined it.',
    entry: { kind: 'member', role: 'viewer' },
    throttle: 'console',
    query: [
      {
        name: 'delivery',
        required: false,
        description: 'One delivery: its outcomes and its events as they were stored.',
      },
      { name: 'person', required: false, description: 'One person, as `id:42`, `email:ann@x.org` or `cio_id:d9c1`.' },
      { name: 'template', required: false, description: 'Sends and serves of one template; of all without it.' },
      { name: 'since', required: false, description: 'ISO 8601; default an hour ago, at most seven days ago.' },
    ],
    answer: eventsAnswerSchema,
    problems: [...memberProblems, 'template.unknown', 'query.invalid'],
  },
  {
    method: 'GET',
    path: '/api/orgs/{org}/quarantine',
    function: 'Manage',
    summary: 'Bodies that were set aside and why, newest first.',
    entry: { kind: 'member', role: 'viewer' },
    throttle: 'console',
    query: [nextPage],
    answer: quarantineAnswerSchema,
    problems: [...memberProblems, 'query.invalid'],
  },
  {
    method: 'POST',
    path: '/api/orgs/{org}/quarantine/{id}/replay',
    function: 'Manage',
    summary: 'Reads a body that was set aside again, as if it came now.',
    entry: { kind: 'member', role: 'admin' },
    throttle: 'console',
    answer: replayAnswerSchema,
    problems: [...memberProblems, 'quarantine.unknown'],
  },
  {
    method: 'DELETE',
    path: '/api/orgs/{org}/people/{person}',
    function: 'ErasePerson',
    summary: 'Has a person forgotten. Call again until the answer is `complete`; it goes on where it ended.',
    entry: { kind: 'member', role: 'admin' },
    throttle: 'console',
    query: [nextPage],
    answer: erasedAnswerSchema,
    problems: [...memberProblems, 'person.malformed', 'query.invalid'],
  },
] as const satisfies readonly Route[]
