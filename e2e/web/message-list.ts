/** What the list of messages shows. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Machines differ. */
export const patience = { timeout: 20_000 }

/** The message that says this. */
export const messageAt = (page: Page, content: string) =>
  page.getByRole('article').filter({ has: page.getByText(content, { exact: true }) })

/** Whether a message is within the part of the list that can be seen. */
export const isInSight = (page: Page, content: string) =>
  messageAt(page, content).evaluateAll((rows) =>
    rows.some((row) => {
      const feed = row.closest('[role="feed"]')?.getBoundingClientRect()
      const { top, bottom } = row.getBoundingClientRect()
      return feed !== undefined && top >= feed.top - 1 && bottom <= feed.bottom + 1
    }),
  )

/** Waits until it is. */
export const seeInSight = (page: Page, content: string) =>
  expect.poll(() => isInSight(page, content), patience).toBe(true)

/** What the element says that has the focus. */
export function focusedText(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '')
}
