interface ImportMetaEnv {
  /** Where the server is, if not where the app comes from. */
  readonly VITE_CONFAB_URL?: string
}
