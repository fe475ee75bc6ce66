/** `npm -w @confab/web run size`: what a browser has to load before the first view. */
import { initialScripts, totalBytes } from './initial-scripts.ts'

const scripts = await initialScripts()
for (const { file, gzipBytes } of scripts) console.log(`${(gzipBytes / 1_000).toFixed(1).padStart(7)} KB  ${file}`)
console.log(`${(totalBytes(scripts) / 1_000).toFixed(1).padStart(7)} KB  together`)
