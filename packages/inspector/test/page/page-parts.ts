import type { Locator, Page } from 'playwright-core'

/** The rows of the list, newest first. */
export const rowsOf = (page: Page): Locator => page.locator('[role=row][data-key]')

/** The row of a delivery, by a text in it. */
export const rowWith = (page: Page, text: string): Locator => rowsOf(page).filter({ hasText: text })

export const detailOf = (page: Page): Locator => page.getByRole('complementary', { name: 'Delivery' })

/** A section of the open delivery, by its title. */
export const sectionOf = (page: Page, title: string): Locator =>
  detailOf(page)
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: title, exact: true }) })

/** Opens a delivery and waits until it is shown. */
export async function openRow(page: Page, text: string): Promise<Locator> {
  await rowWith(page, text).first().click()
  await detailOf(page).getByRole('heading', { level: 2 }).waitFor()
  return detailOf(page)
}

export const untilLive = (page: Page): Promise<void> => page.locator('.connection.is-live').waitFor()
