import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { ChatProvider } from '@confab/client/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Suspense } from 'react'
import { IntlRoot } from '../lib/i18n/IntlRoot.tsx'
import { LiveRegion } from '../ui/LiveRegion.tsx'
import { ToastProvider } from '../ui/ToastProvider.tsx'
import { client } from './client.ts'
import { queryClient } from './query-client.ts'
import { router } from './router.ts'

/** What is around every view. No style elements are made at run time: the content security policy forbids them. */
export function App() {
  return (
    <CSPProvider disableStyleElements>
      <ChatProvider client={client}>
        <QueryClientProvider client={queryClient}>
          <Suspense>
            <IntlRoot>
              <Tooltip.Provider delay={400}>
                <ToastProvider>
                  <RouterProvider router={router} />
                </ToastProvider>
                <LiveRegion />
              </Tooltip.Provider>
            </IntlRoot>
          </Suspense>
        </QueryClientProvider>
      </ChatProvider>
    </CSPProvider>
  )
}
