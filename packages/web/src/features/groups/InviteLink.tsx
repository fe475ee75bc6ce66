import { ConfabError } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Copy, Ellipsis, Link2, Link2Off, QrCode as QrIcon, RefreshCw, Share2 } from 'lucide-react'
import { Suspense, useRef, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { linkHere } from '../../lib/links-here.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { controlLook } from '../../ui/FieldFrame.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'
import { lazyPart, MissingPart } from '../../ui/lazy-part.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { SidePanelHeading } from '../../ui/SidePanel.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { showToast } from '../../ui/toasts.ts'
import { useAttempt } from '../../ui/use-attempt.ts'

const QrCode = lazyPart(async () => (await import('./QrCode.tsx')).QrCode, MissingPart)

/** The link by which anybody joins a group: to copy, to share, to be scanned; admins renew it and turn it off. */
export function InviteLink({ roomId, isAdmin }: { roomId: number; isAdmin: boolean }) {
  const text = useText()
  const { api, http } = useClient()
  const queries = useQueryClient()
  const attempt = useAttempt()
  const queryKey = ['share-link', roomId]
  const params = { id: roomId }
  const link = useQuery({ queryKey, queryFn: () => loadLink(() => api.rooms.getShareLink({ params })) })
  const renew = async () => {
    const { url } = await api.rooms.renewShareLink({ params })
    queries.setQueryData(queryKey, url)
    showToast({ title: text('groups.link.renewed') })
  }
  const disable = async () => {
    await api.rooms.disableShareLink({ params })
    queries.setQueryData(queryKey, null)
  }
  return (
    <section className="border-b border-line px-4 py-4">
      <div className="flex min-h-8 items-center justify-between pb-2">
        <SidePanelHeading className="text-sm font-medium text-muted">{text('groups.link')}</SidePanelHeading>
        {isAdmin && link.data ? <LinkMenu renew={renew} disable={disable} /> : null}
      </div>
      {link.isPending ? <Skeleton className="h-20 w-full" /> : null}
      {link.error ? (
        <Button size="sm" onClick={() => void link.refetch()}>
          {text('ui.retry')}
        </Button>
      ) : null}
      {link.data ? <LinkTools url={linkHere(link.data, http.url)} /> : null}
      {link.data === null ? (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm text-muted">{text('groups.link.off')}</p>
          {isAdmin ? (
            <KeptFocus>
              <Button size="sm" icon={<Link2 size={16} aria-hidden />} onClick={() => void attempt(renew)}>
                {text('groups.link.enable')}
              </Button>
            </KeptFocus>
          ) : null}
        </div>
      ) : null}
    </section>
  )
}

/** What an admin does with the link; each is asked about. */
function LinkMenu({ renew, disable }: { renew: () => Promise<void>; disable: () => Promise<void> }) {
  const text = useText()
  const [question, setQuestion] = useState<'renew' | 'disable'>()
  const close = () => setQuestion(undefined)
  return (
    <KeptFocus>
      <Menu
        trigger={<IconButton size="sm" icon={<Ellipsis size={18} aria-hidden />} label={text('groups.link.menu')} />}
        entries={[
          {
            key: 'renew',
            label: text('groups.link.renew'),
            icon: <RefreshCw size={18} />,
            onSelect: () => setQuestion('renew'),
          },
          {
            key: 'disable',
            label: text('groups.link.disable'),
            icon: <Link2Off size={18} />,
            isDangerous: true,
            onSelect: () => setQuestion('disable'),
          },
        ]}
      />
      <ConfirmDialog
        isOpen={question === 'renew'}
        onClose={close}
        title={text('groups.link.renew.title')}
        description={text('groups.link.renew.text')}
        action={text('groups.link.renew')}
        onConfirm={renew}
      />
      <ConfirmDialog
        isOpen={question === 'disable'}
        onClose={close}
        title={text('groups.link.disable.title')}
        description={text('groups.link.disable.text')}
        action={text('groups.link.disable')}
        isDangerous
        onConfirm={disable}
      />
    </KeptFocus>
  )
}

function LinkTools({ url }: { url: string }) {
  const text = useText()
  const field = useRef<HTMLInputElement>(null)
  const [isScanning, setIsScanning] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url)
      showToast({ title: text('groups.link.copied') })
    } catch {
      // Without a secure origin, or where it was not allowed: what is selected can be copied by hand.
      field.current?.select()
    }
  }
  const share = () => {
    // Whoever closes the sheet has thought better of it.
    navigator.share({ url }).catch(() => {})
  }
  return (
    <>
      <input
        ref={field}
        readOnly
        dir="ltr"
        aria-label={text('groups.link')}
        value={url}
        onFocus={({ target }) => target.select()}
        className={`${controlLook} h-10 truncate text-sm text-muted`}
      />
      <div className="mt-2 flex gap-2">
        <Button size="sm" className="grow" icon={<Copy size={16} aria-hidden />} onClick={() => void copy()}>
          {text('groups.link.copy')}
        </Button>
        {'share' in navigator ? (
          <Button size="sm" className="grow" icon={<Share2 size={16} aria-hidden />} onClick={share}>
            {text('groups.link.share')}
          </Button>
        ) : null}
        <Button size="sm" className="grow" icon={<QrIcon size={16} aria-hidden />} onClick={() => setIsScanning(true)}>
          {text('groups.link.qr')}
        </Button>
      </div>
      <Dialog
        isOpen={isScanning}
        onClose={() => setIsScanning(false)}
        size="sm"
        title={text('groups.link.qr.title')}
        description={text('groups.link.qr.text')}
      >
        <Suspense fallback={<Skeleton className="mx-auto aspect-square w-64 max-w-full" />}>
          <QrCode words={url} label={text('groups.link.qr.title')} />
        </Suspense>
      </Dialog>
    </>
  )
}

/** The link's address; null where it is turned off. */
async function loadLink(load: () => Promise<{ url: string }>): Promise<string | null> {
  try {
    return (await load()).url
  } catch (error) {
    if (error instanceof ConfabError && error.code === 'link_not_found') return null
    throw error
  }
}
