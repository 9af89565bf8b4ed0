// How the console is built: one small first page, every further page and the charts in files of their own. `npm run
// dev:console` serves it while it is changed, in front of a running `npm start`.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm start` serves the deployed console; the sources are tried out against its API and its sign-in. */
const running = process.env.CONSOLE_URL ?? 'http://127.0.0.1:4101'
/** Paths of the API; `/api/client.ts` is a source file of the console's own. */
const served = '^/api/(?!.*\\.ts$)'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { port: 5173, strictPort: true, proxy: { [served]: running, '/config.json': running } },
  build: {
    target: 'es2023',
    // Inlined files would be `data:` addresses, which the content policy refuses; the polyfill serves no browser we support.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 700,
  },
})
