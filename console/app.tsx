// The app of one session: who is signed in, which page is shown. Every page is loaded when it is first opened.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useMemo } from 'react'
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router'
import { signedInPath } from '../contract/member.ts'
import { isPassing } from './api/problem.ts'
import { orgPages } from './pages.tsx'
import type { Session } from './session/session.ts'
import { SessionContext } from './session/use-session.ts'
import { ChooseOrg } from './shell/choose-org.tsx'
import { FinishSignIn } from './shell/finish-sign-in.tsx'
import { OrgShell } from './shell/org-shell.tsx'
import { NotFound, PageFailed } from './shell/page-failed.tsx'
import { SessionGate, Waiting } from './shell/session-gate.tsx'

const maxTries = 3

function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (tries, error) => tries < maxTries && isPassing(error) },
      // A change is never sent twice by itself: the person sees what happened and decides.
      mutations: { retry: false },
    },
  })
}

function makeRouter() {
  return createBrowserRouter([
    { path: signedInPath, element: <FinishSignIn />, errorElement: <PageFailed /> },
    {
      element: <SessionGate />,
      hydrateFallbackElement: <Waiting />,
      errorElement: <PageFailed />,
      children: [
        { index: true, element: <ChooseOrg /> },
        {
          path: ':org',
          element: <OrgShell />,
          children: [
            {
              errorElement: <PageFailed />,
              children: [
                { index: true, element: <Navigate to="templates" replace /> },
                ...orgPages,
                { path: '*', element: <NotFound /> },
              ],
            },
          ],
        },
        { path: '*', element: <NotFound /> },
      ],
    },
  ])
}

export function App({ session }: { readonly session: Session }) {
  const queries = useMemo(makeQueries, [])
  const router = useMemo(makeRouter, [])
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </SessionContext>
  )
}
