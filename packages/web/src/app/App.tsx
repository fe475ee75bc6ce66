import { CSPProvider } from '@base-ui/react/csp-provider'
import { ChatProvider } from '@confab/client/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { IntlRoot, type Messages } from '../lib/i18n/IntlRoot.tsx'
import { LiveRegion } from '../ui/LiveRegion.tsx'
import { ToastHost } from '../ui/ToastHost.tsx'
import { TooltipHost } from '../ui/TooltipHost.tsx'
import { client } from './client.ts'
import { queryClient } from './query-client.ts'
import { router } from './router.ts'
import { UpdateHost } from './UpdateHost.tsx'

/** What is around every view. No style elements are made at run time: the content security policy forbids them. */
export function App({ messages }: { messages: Messages }) {
  return (
    <CSPProvider disableStyleElements>
      <ChatProvider client={client}>
        <QueryClientProvider client={queryClient}>
          <IntlRoot messages={messages}>
            <RouterProvider router={router} />
            <UpdateHost />
            <ToastHost />
            <TooltipHost />
            <LiveRegion />
          </IntlRoot>
        </QueryClientProvider>
      </ChatProvider>
    </CSPProvider>
  )
}
