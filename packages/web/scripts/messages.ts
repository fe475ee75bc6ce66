/**
 * The texts of the app. Each part keeps its own in `locales/<locale>.json`; here they are merged and compiled, so that a
 * browser loads one module a locale, `virtual:messages/<locale>`, and no parser.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from '@formatjs/icu-messageformat-parser'
import type { Plugin } from 'vite'

const PREFIX = 'virtual:messages/'
const source = path.join(import.meta.dirname, '../src')

/** The texts of a locale by key, as they are written. @throws Error where two parts have the same key */
export function readMessages(locale: string): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const file of localeFiles(locale)) {
    const texts: Record<string, string> = JSON.parse(readFileSync(path.join(source, file), 'utf8'))
    for (const [key, text] of Object.entries(texts)) {
      if (key in merged) throw new Error(`${file}: ${key} is there already`)
      merged[key] = text
    }
  }
  return merged
}

/** Where the texts of a locale are, below `src`. Without globs: Node 20, which may be what installs, has none. */
function localeFiles(locale: string): string[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith(path.join('locales', `${locale}.json`))).sort()
}

/** The plugin. A text that changes while developing reloads the page. */
export function messages(): Plugin {
  return {
    name: 'confab:messages',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined
      const locale = id.slice(PREFIX.length + 1)
      for (const file of localeFiles(locale)) {
        this.addWatchFile(path.join(source, file))
      }
      return { code: `export default ${JSON.stringify(compile(readMessages(locale)))}`, moduleType: 'js' }
    },
    configureServer(server) {
      server.watcher.on('change', (file) => {
        if (!/[\\/]locales[\\/]\w+\.json$/.test(file)) return
        const modules = [...server.moduleGraph.idToModuleMap].filter(([id]) => id.includes(PREFIX))
        for (const [, module] of modules) server.moduleGraph.invalidateModule(module)
        server.ws.send({ type: 'full-reload' })
      })
    },
  }
}

/** @throws SyntaxError where a text is not a message of ICU */
function compile(texts: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => {
      try {
        return [key, parse(text, { captureLocation: false })]
      } catch (cause) {
        throw new SyntaxError(`${key}: ${text}`, { cause })
      }
    }),
  )
}
