#!/usr/bin/env node
import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { isBundleFresh } from './freshness.js'

// Plain JavaScript, for every Node to read: one too old for the server itself would answer with a stack trace instead.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Confab needs Node 22.18 or newer and this is ${process.versions.node}. npm installs one for it, but npm blocked that package's install script: run "npm rebuild --ignore-scripts=false node" and start again, or install a newer Node.\n`,
  )
  process.exitCode = 1
} else {
  // Compiled code is kept from one start to the next: measured, it saves 40 % of the time that loading takes.
  module.enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/confab', import.meta.url)))
  // The same in a few files, where they were made of what is there now: most of a start is looking for files.
  await import(isBundleFresh() ? '../dist/main.js' : '../src/main.ts')
}
