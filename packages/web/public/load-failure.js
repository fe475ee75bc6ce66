// Where the app's own scripts or its style sheet do not arrive, loads the page again, once by itself. Where it is the scripts
// once more, says so, since the page would otherwise stay empty, and waits for a press or for the network. A file of its own,
// as the content security policy wants; the texts stand here because those of the app are what may be missing.

{
  const TEXTS = {
    en: { dir: 'ltr', title: 'Confab could not be loaded', retry: 'Try again' },
    de: { dir: 'ltr', title: 'Confab konnte nicht geladen werden', retry: 'Noch einmal versuchen' },
    ar: { dir: 'rtl', title: 'تعذّر تحميل Confab', retry: 'حاول مرة أخرى' },
  }
  const LAST_RELOAD = 'confab.reloaded'
  const PAUSE_MS = 60_000
  let hasFailed = false

  // Nothing that an extension of the browser has put into the page.
  const isOwn = (address) => address.startsWith(`${location.origin}/`)
  const isApp = (target) => target instanceof HTMLScriptElement && target.type === 'module' && isOwn(target.src)
  // What comes later may be wanted by a part of the app, which says so itself.
  const isFirstStyle = (target) =>
    target instanceof HTMLLinkElement &&
    target.rel === 'stylesheet' &&
    isOwn(target.href) &&
    document.readyState !== 'complete'
  const onError = ({ target }) => {
    if (isApp(target)) onFailure()
    else if (isFirstStyle(target) && navigator.onLine && mayReload()) location.reload()
  }
  addEventListener('error', onError, true)
  addEventListener('confab:not-loaded', onFailure)

  function onFailure() {
    // Where the app is, it speaks for itself.
    if (hasFailed || document.getElementById('root')?.hasChildNodes()) return
    hasFailed = true
    if (navigator.onLine && mayReload()) location.reload()
    else if (document.readyState === 'loading') addEventListener('DOMContentLoaded', say)
    else say()
  }

  function mayReload() {
    try {
      const last = Number(sessionStorage.getItem(LAST_RELOAD))
      sessionStorage.setItem(LAST_RELOAD, String(Date.now()))
      // Since this page began, not since it failed, which may take its time.
      return Date.now() - performance.now() - last > PAUSE_MS
    } catch {
      // Where nothing can be remembered the page could be loaded for ever.
      return false
    }
  }

  function say() {
    const [locale, { dir, title, retry }] = texts()
    const heading = document.createElement('h1')
    heading.className = 'text-base font-semibold text-ink'
    heading.textContent = title
    const button = document.createElement('button')
    button.type = 'button'
    button.className =
      'inline-flex h-10 items-center rounded-md border border-line-strong bg-surface px-4 text-sm font-medium text-ink'
    button.textContent = retry
    button.addEventListener('click', () => location.reload())
    const alert = document.createElement('div')
    alert.role = 'alert'
    alert.append(heading)
    const main = document.createElement('main')
    main.className = 'grid h-dvh place-content-center justify-items-center gap-4 px-6 text-center'
    main.append(alert, button)
    Object.assign(document.documentElement, { lang: locale, dir })
    document.getElementById('root')?.replaceChildren(main)
    addEventListener('online', () => location.reload())
  }

  /** Those of the language that was chosen, or else of the device's. */
  function texts() {
    let chosen
    try {
      chosen = JSON.parse(localStorage.getItem('confab.preferences') || '{}').locale
    } catch {
      // Storage that cannot be read means the defaults.
    }
    const tags = [chosen, ...navigator.languages].map((tag) => String(tag).toLowerCase().split('-')[0])
    return (
      Object.entries(TEXTS).find(([locale]) => locale === tags.find((tag) => Object.hasOwn(TEXTS, tag))) ?? [
        'en',
        TEXTS.en,
      ]
    )
  }
}
