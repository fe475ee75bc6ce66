interface ImportMetaEnv {
  /** Where the server is, if not where the app comes from. */
  readonly VITE_CONFAB_URL?: string
}

/** The version of the app, as its `package.json` has it. */
declare const __CONFAB_VERSION__: string
