import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../ui/theme.css'
import { followAppearance } from '../lib/appearance.ts'
import { loadMessages } from '../lib/i18n/IntlRoot.tsx'
import { currentLocale } from '../lib/i18n/use-locale.ts'
import { keepInstallPrompt } from '../lib/install-prompt.ts'
import { forgetImages } from '../lib/service-worker.ts'
import { App } from './App.tsx'
import { client } from './client.ts'

followAppearance()
keepInstallPrompt()
// Nothing of somebody stays when they log out; where it cannot be deleted it was not kept either.
client.on('logged_out', () => void forgetImages().catch(() => {}))
// Whoever is logged in is connected while the first view is still on its way.
void client.start()

const messages = await loadMessages(currentLocale()).catch((error: unknown) => {
  // Heard by `public/load-failure.js`: there is nothing yet to say it with.
  dispatchEvent(new Event('confab:not-loaded'))
  throw error
})
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App messages={messages} />
    </StrictMode>,
  )
}
