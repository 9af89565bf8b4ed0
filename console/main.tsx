// Starts the console: reads what the deployment says, then shows the app or why it cannot be shown.
import './library.css'
import './styles.css'
import { Alert, Container, MantineProvider } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import * as z from 'zod/mini'
import { App } from './app.tsx'
import { readConfig } from './config.ts'
import { makeSession } from './session/session.ts'
import { theme } from './shell/theme.ts'

// Zod would try to compile its parsers with `new Function`, which the content policy refuses.
z.config({ jitless: true })

const element = document.getElementById('root')
if (element === null) throw new Error('The page has no place for the console.')
const root = createRoot(element)
const config = await readConfig().catch(() => undefined)
root.render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    {config === undefined ? <NotConfigured /> : <App session={makeSession(config)} />}
  </MantineProvider>,
)

function NotConfigured() {
  return (
    <Container size="sm" mt="xl">
      <Alert role="alert" color="red" title="The console could not start">
        Its configuration could not be read. Reload the page; if this stays, the deployment is not finished.
      </Alert>
    </Container>
  )
}
