import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../ui/theme.css'
import { followAppearance } from '../lib/appearance.ts'
import { App } from './App.tsx'
import { client } from './client.ts'

followAppearance()
// Whoever is logged in is connected while the first view is still on its way.
void client.start()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
