// The pages of an org and their addresses. Each is loaded when it is first opened.
import { Navigate, type RouteObject } from 'react-router'

export const orgPages: RouteObject[] = [
  { path: 'set-up', lazy: async () => ({ Component: (await import('./pages/set-up/set-up.tsx')).SetUp }) },
  {
    path: 'templates',
    lazy: async () => ({ Component: (await import('./pages/templates/templates.tsx')).Templates }),
  },
  {
    path: 'templates/:template',
    lazy: async () => ({ Component: (await import('./pages/templates/template.tsx')).Template }),
    children: [
      { index: true, element: <Navigate to="results" replace /> },
      {
        path: 'results',
        lazy: async () => ({ Component: (await import('./pages/results/results.tsx')).Results }),
      },
      { path: 'copy', lazy: async () => ({ Component: (await import('./pages/copy/copies.tsx')).Copies }) },
      { path: 'new-copy', lazy: async () => ({ Component: (await import('./pages/copy/edit-copy.tsx')).EditCopy }) },
      { path: 'copy/:copy', lazy: async () => ({ Component: (await import('./pages/copy/edit-copy.tsx')).EditCopy }) },
      {
        path: 'integration',
        lazy: async () => ({ Component: (await import('./pages/integration/integration.tsx')).Integration }),
      },
      {
        path: 'settings',
        lazy: async () => ({ Component: (await import('./pages/templates/template-settings.tsx')).TemplateSettings }),
      },
    ],
  },
  {
    path: 'activity',
    lazy: async () => ({ Component: (await import('./pages/activity/activity.tsx')).Activity }),
    children: [
      { index: true, element: <Navigate to="feed" replace /> },
      { path: 'feed', lazy: async () => ({ Component: (await import('./pages/activity/feed.tsx')).Feed }) },
      { path: 'files', lazy: async () => ({ Component: (await import('./pages/activity/files/files.tsx')).Files }) },
      {
        path: 'files/:import',
        lazy: async () => ({ Component: (await import('./pages/activity/files/one-file.tsx')).OneFile }),
      },
      { path: 'exports', lazy: async () => ({ Component: (await import('./pages/activity/exports.tsx')).Exports }) },
      {
        path: 'exports/columns',
        lazy: async () => ({ Component: (await import('./pages/activity/export-columns.tsx')).ExportColumns }),
      },
      {
        path: 'quarantine',
        lazy: async () => ({ Component: (await import('./pages/activity/quarantine.tsx')).Quarantine }),
      },
      {
        path: 'accounts',
        lazy: async () => ({ Component: (await import('./pages/activity/accounts/accounts.tsx')).Accounts }),
      },
    ],
  },
  {
    path: 'settings',
    lazy: async () => ({ Component: (await import('./pages/settings/settings.tsx')).Settings }),
    children: [
      { index: true, element: <Navigate to="customerio" replace /> },
      {
        path: 'customerio',
        lazy: async () => ({
          Component: (await import('./pages/settings/customerio-settings.tsx')).CustomerioSettings,
        }),
      },
      {
        path: 'general',
        lazy: async () => ({ Component: (await import('./pages/settings/general-settings.tsx')).GeneralSettings }),
      },
      {
        path: 'metrics',
        lazy: async () => ({ Component: (await import('./pages/settings/metric-settings.tsx')).MetricSettings }),
      },
      { path: 'keys', lazy: async () => ({ Component: (await import('./pages/settings/keys.tsx')).Keys }) },
      {
        path: 'alerts',
        lazy: async () => ({ Component: (await import('./pages/settings/alerts/alerts.tsx')).Alerts }),
      },
      {
        path: 'changes',
        lazy: async () => ({ Component: (await import('./pages/settings/audit-log.tsx')).AuditLog }),
      },
    ],
  },
]
