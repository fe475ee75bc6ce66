/** A Vite plugin by which a part of the app that did not arrive can be asked for again: see `src/lib/asked-again.ts`. */
import type { Plugin } from 'vite'

const DYNAMIC_IMPORT = /\bimport\(([`'"]\.\/[\w.-]+\.js[`'"])\)/g

/** Has every dynamic import of the build ask under which address its part is to be had now. */
export function askedAgain(): Plugin {
  return {
    name: 'confab:asked-again',
    apply: 'build',
    generateBundle: {
      // Vite finds what a part needs by its address, and is done with that by then.
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk') continue
          // In a worker there is nobody to answer.
          file.code = file.code.replace(DYNAMIC_IMPORT, 'import(globalThis.confabPart?.($1)??$1)')
        }
      },
    },
  }
}
