/** What people and their assistive technology get to see. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const folder = path.join(import.meta.dirname, '../../artifacts/screenshots')

/** Until the view has a title and nothing of it is on its way. */
export async function untilShown(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('h1') && !document.querySelector('.animate-shimmer, .animate-spin'),
  )
}

/** Holds the page, as it is now, against axe-core's rules for WCAG 2.2 A and AA and its best practices. */
export async function expectAccessible(page: Page): Promise<void> {
  // What fades in has not its colours yet. What stands for more to come, out of sight, moves for ever.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => {
      const target = effect instanceof KeyframeEffect ? effect.target : null
      return playState !== 'running' || (target !== null && target.getBoundingClientRect().bottom < 0)
    }),
  )
  await page.evaluate(axe.source)
  // The guards are how Base UI keeps the focus inside a popup: who reaches one is sent on at once.
  const found = await page.evaluate(async (): Promise<AxeResults['violations']> => {
    // Nothing is loaded for it: none of the rules needs that, and the page's policy forbids what it would do. Nor is what
    // was found in order described, which nobody would read.
    const options = { preload: false, resultTypes: ['violations' as const] }
    return (await window.axe.run({ exclude: '[data-base-ui-focus-guard]' }, options)).violations
  })
  const violations = found.flatMap(({ id, help, nodes }) =>
    // What floats is no part of the page's outline.
    nodes
      .filter(({ html }) => id !== 'region' || !/^<[^>]*role="(menu|listbox|dialog|tooltip)"/.test(html))
      .map(({ html, any }) => `${id}: ${help}: ${html.slice(0, 300)} ${any.map(({ message }) => message).join('; ')}`),
  )
  expect(violations).toEqual([])
}

declare global {
  interface Window {
    axe: typeof axe
  }
}

/** Keeps a picture of the page in `artifacts/screenshots`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `${name}.png`) })
}
