import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import packageJson from './package.json' with { type: 'json' }
import { askedAgain } from './scripts/asked-again.ts'
import { compress } from './scripts/compress.ts'
import { emoji } from './scripts/emoji.ts'
import { messages } from './scripts/messages.ts'
import { serviceWorker } from './scripts/service-worker.ts'

const { origin: server, hostname } = new URL(process.env.CONFAB_URL ?? 'http://127.0.0.1:8000')

/**
 * A server elsewhere, behind a proxy, goes by the name that it is asked for, and takes sockets of its own origin; one here
 * gives links to where one came from.
 */
const isElsewhere = !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)

/** What the server answers itself, in development passed on to the one of `CONFAB_URL`. */
const proxy = Object.fromEntries(
  ['/api', '/media', '/healthz', '/readyz', '/ws'].map((path) => [
    path,
    { target: server, changeOrigin: isElsewhere, rewriteWsOrigin: isElsewhere, ws: path === '/ws' },
  ]),
)

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), messages(), emoji(), askedAgain(), serviceWorker(), compress()],
  resolve: {
    alias: [
      // Messages are compiled when the app is built: the parser stays at home.
      {
        find: /^@formatjs\/icu-messageformat-parser$/,
        replacement: '@formatjs/icu-messageformat-parser/no-parser.js',
      },
    ],
  },
  define: { __CONFAB_VERSION__: JSON.stringify(packageJson.version) },
  build: {
    target: 'baseline-widely-available',
    // As new as `light-dark()`, which the themes are made of.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    manifest: true,
    // A font or image in a style sheet would be a `data:` address, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            // One by one, small parts that most views need take more requests, and a tenth more bytes of what is ours.
            { name: 'shared', test: /src[\\/](lib|ui)[\\/]|node_modules[\\/]lucide-react/, minShareCount: 6 },
          ],
        },
      },
    },
  },
  // What only workers import is not found beforehand: Vite would load the page anew once it is, in the midst of a form.
  optimizeDeps: { include: ['@zxcvbn-ts/core', '@zxcvbn-ts/language-common'] },
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
})
